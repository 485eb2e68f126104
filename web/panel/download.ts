import { announce } from '../announce.tsx'
import type { Bookmark } from '../bookmark/bookmark.ts'
import { fixed } from '../bookmark/ranges.ts'
import type { Sheet } from '../sheet/sheet.ts'

/** Saves what a panel shows, cell for cell; the writer is fetched when somebody first needs it. */
export async function downloadSheet({ id }: { id: string }, sheet: Sheet, { range }: Bookmark): Promise<void> {
  const { saveCsv } = await import('../sheet/csv.ts')
  saveCsv(sheet, `overview-${id}-${fixed(range).replace('..', '-to-')}.csv`)
  announce(`Downloaded ${sheet.rows.length} rows.`)
}
