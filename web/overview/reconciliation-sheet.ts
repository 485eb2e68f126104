import type { ReconciliationReply } from '../../contract/analytics.ts'
import type { Bookmark } from '../bookmark/bookmark.ts'
import { downloadSheet } from '../panel/download.ts'
import type { Sheet } from '../sheet/sheet.ts'
import { prepareWaterfall } from './waterfall.ts'

const effects = { start: '', minus: 'taken away', plus: 'added', end: 'equals' }

export function reconciliationSheet(reply: ReconciliationReply): Sheet {
  return {
    columns: [
      { key: 'name', name: 'Step', kind: 'text' },
      { key: 'effect', name: 'Effect', kind: 'text' },
      { key: 'messages', name: 'Messages', kind: 'count' },
      { key: 'sentence', name: 'Meaning', kind: 'text' },
    ],
    rows: prepareWaterfall(reply).map(({ name, kind, messages, sentence }) => ({ name, effect: effects[kind], messages, sentence })),
  }
}

export function saveSheetOf(reply: ReconciliationReply, bookmark: Bookmark): Promise<void> {
  return downloadSheet({ id: 'reconciliation' }, reconciliationSheet(reply), bookmark)
}
