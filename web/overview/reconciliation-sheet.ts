import type { ReconciliationReply } from '../../contract/analytics.ts'
import type { Bookmark } from '../bookmark/bookmark.ts'
import { downloadSheet } from '../panel/download.ts'
import type { Sheet } from '../sheet/sheet.ts'

const effects = { start: '', minus: 'taken away', plus: 'added', end: 'equals' }

export function reconciliationSheet(reply: ReconciliationReply): Sheet {
  return {
    columns: [
      { key: 'name', name: 'Step', kind: 'text' },
      { key: 'effect', name: 'Effect', kind: 'text' },
      { key: 'amount', name: 'Number', kind: 'count' },
      { key: 'sentence', name: 'Meaning', kind: 'text' },
    ],
    rows: reply.steps.map(({ name, sign, amount, sentence }) => ({ name, effect: effects[sign], amount, sentence })),
  }
}

export function saveSheetOf(reply: ReconciliationReply, bookmark: Bookmark): Promise<void> {
  return downloadSheet(
    { id: reply.metric === 'messages' ? 'reconciliation' : `reconciliation-${reply.metric.replaceAll('_', '-')}` },
    reconciliationSheet(reply),
    bookmark,
  )
}
