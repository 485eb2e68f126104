import { type Goal, isMet, type Row, ratioOf } from './line.ts'

const headings = ['', 'unit', 'measured', 'control', 'ratio', 'goal', 'met']

/** The rows as one table for people, the controls explained below it. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map((row) => {
    const ratio = ratioOf(row)
    const met = isMet(row)
    return [
      row.name,
      row.unit,
      figure(row.measured),
      row.control === null ? '–' : figure(row.control),
      ratio === null ? '–' : ratio.toFixed(2),
      goalText(row.goal),
      met === null ? '–' : met ? 'yes' : 'NO',
    ]
  })
  const widths = headings.map((heading, column) => Math.max(heading.length, ...cells.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')
  const explained = [...new Map(rows.flatMap(({ name, against }) => (against === null ? [] : [[name, against] as const])))]
  return [
    line(headings),
    widths.map((width) => '-'.repeat(width)).join('  '),
    ...cells.map(line),
    '',
    'Controls:',
    ...explained.map(([name, against]) => `  ${name}: ${against}`),
  ].join('\n')
}

function figure(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

function goalText(goal: Goal | null): string {
  if (!goal) return '–'
  const bounds = [
    ...(goal.atLeast === undefined ? [] : [`≥ ${goal.atLeast.toLocaleString('en-US')}`]),
    ...(goal.atMost === undefined ? [] : [`≤ ${goal.atMost.toLocaleString('en-US')}`]),
  ].join(', ')
  return goal.of === 'ratio' ? `ratio ${bounds}` : bounds
}
