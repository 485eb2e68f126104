import type { Sheet } from './sheet.ts'

/** By one column; a leading `-` from the largest down. What is hidden or not defined comes last. */
export function sortedBy(sheet: Sheet, sort: string): Sheet {
  const key = sort.replace(/^-/, '')
  const order = sort.startsWith('-') ? -1 : 1
  const rows = [...sheet.rows].sort((a, b) => {
    const [left, right] = [a[key], b[key]]
    if (typeof left === 'string' && typeof right === 'string') return order * left.localeCompare(right)
    if (typeof left === 'number' && typeof right === 'number') return order * (left - right)
    return Number(typeof left !== 'number') - Number(typeof right !== 'number')
  })
  return { ...sheet, rows }
}
