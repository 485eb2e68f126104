import { readChatgptExport } from './chatgpt-export/read.ts'
import { rawPiece } from './dead-letters.ts'
import type { ImportSource } from './import-run.ts'
import { readRecordFiles } from './records-files.ts'

/** What a record that names no source comes from when it comes by our own format. */
export const ownFormatSource = 'api'

export const chatgptExport: ImportSource = { name: 'chatgpt-export', source: 'chatgpt', unit: 'element', read: readChatgptExport }
export const ownRecords: ImportSource = { name: 'records', source: ownFormatSource, unit: 'line', read: readRecordFiles }

export const importSources: readonly ImportSource[] = [chatgptExport, ownRecords]

/** The source of a dead letter's record, where it names none itself. */
export function sourceOfLetter(via: string): string {
  return importSources.find(({ name }) => name === via.replace(rawPiece, ''))?.source ?? ownFormatSource
}
