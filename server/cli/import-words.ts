import { type ImportSummary, type NotTaken, namedInFull } from '../intake/import-summary.ts'
import { count } from './say.ts'

/** An import's summary in words: what came of everything, then every single thing that was not taken. */
export function importWords(summary: ImportSummary, where: string): string[] {
  const { dry_run, read, accepted, updated, duplicates, rejected_count, skipped_count, resumed } = summary
  const purged = summary.rejected_by_code.purged ?? 0
  return [
    dry_run ? `Checked for ${where}; nothing was written:` : `Imported into ${where}:`,
    ...(resumed > 0 ? [`  went on behind ${count(resumed, 'element')} that an interrupted import had taken`] : []),
    `  ${count(read, 'record')} read${counted(summary.kinds)}`,
    ...(dry_run ? [] : [`  ${number(accepted)} new, ${number(updated)} other versions of known ones, ${number(duplicates)} known already`]),
    ...fileWords(summary),
    `  ${number(rejected_count)} rejected${counted(summary.rejected_by_code)}`,
    ...listed(summary.rejected, rejected_count),
    ...(purged > 0 ? ['  What is "purged" was deleted from the record for good: nothing of it is taken again or kept.'] : []),
    ...(rejected_count > purged && !dry_run
      ? [`  What ${purged > 0 ? 'else ' : ''}was rejected is kept: "daybook dead-letters list" shows it.`]
      : []),
    `  ${number(skipped_count)} skipped${counted(summary.skipped_by_reason)}`,
    ...listed(summary.skipped, skipped_count),
  ]
}

const number = (value: number) => value.toLocaleString('en-US')

function counted(by: Readonly<Record<string, number>>): string {
  const parts = Object.entries(by).map(([name, many]) => `${name} ${number(many)}`)
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}

function fileWords({ files, dry_run }: ImportSummary): string[] {
  if (files.bytes === 0) return []
  const size = `${(files.bytes / 1e6).toFixed(1)} MB`
  return [dry_run ? `  ${size} in files` : `  files: ${files.stored} stored, ${files.duplicates} known already, ${size}`]
}

function listed(things: readonly NotTaken[], all: number): string[] {
  const shown = things.slice(0, namedInFull)
  const rest = all - shown.length
  return [
    ...shown.map((one) => `    ${placeOf(one)}: ${one.code === 'skipped' ? '' : `${one.code}: `}${one.message}`),
    ...(rest > 0 ? [`    and ${number(rest)} more; --json names them all`] : []),
  ]
}

function placeOf({ file, index, id }: NotTaken): string {
  return [file, index === null ? '' : ` #${index + 1}`, id === undefined ? '' : ` (${id})`].join('')
}
