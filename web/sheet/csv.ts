import { stringify } from 'csv-stringify/browser/esm/sync'
import { isHidden } from '../format.ts'
import type { Cell, Sheet } from './sheet.ts'

/** With line ends of its own choosing the writer no longer quotes other ones, unless it is told to. */
const options = { record_delimiter: 'windows', quote_record_delimiter: true, escape_formulas: true }

/**
 * RFC 4180, with a header row. Figures are plain numbers; a hidden one says that it is. A text that a spreadsheet would take for a
 * formula gets an apostrophe in front.
 */
export function csvOf({ columns, rows }: Sheet): string {
  const lines = rows.map((row) => columns.map(({ key }) => plain(row[key])))
  return stringify([columns.map(({ name }) => name), ...lines], options)
}

function plain(cell: Cell | undefined): string | number {
  if (cell === null || cell === undefined) return ''
  return isHidden(cell) ? `hidden: ${cell.hidden.replaceAll('-', ' ')}` : cell
}

export function saveCsv(sheet: Sheet, name: string): void {
  const address = URL.createObjectURL(new Blob([csvOf(sheet)], { type: 'text/csv;charset=utf-8' }))
  const anchor = document.createElement('a')
  anchor.href = address
  anchor.download = name
  anchor.click()
  URL.revokeObjectURL(address)
}
