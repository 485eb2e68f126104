import type { AnalyticsReply, AnalyticsRow, ShownValue } from '../../contract/analytics.ts'
import { type Dimension, dimensions, type Metric, type MetricId, metrics } from '../../contract/metrics.ts'
import { changeOf, fullDay, isHidden, monthName, shown } from '../format.ts'

/** A panel as rows and columns: what its table view shows is, cell for cell, what its download holds. */
export interface Sheet {
  readonly columns: readonly Column[]
  readonly rows: readonly SheetRow[]
}

export type CellKind = Metric['unit'] | 'text' | 'day' | 'month' | 'change'

export interface Column {
  readonly key: string
  readonly name: string
  readonly kind: CellKind
  readonly sentence?: string
}

export type Cell = string | ShownValue
export type SheetRow = Readonly<Record<string, Cell | undefined>>

export function isNumeric(kind: CellKind): boolean {
  return kind !== 'text' && kind !== 'day' && kind !== 'month'
}

export function cellText(value: Cell | undefined, kind: CellKind): string {
  if (typeof value !== 'string')
    return kind === 'text' || kind === 'day' || kind === 'month' ? shownKey(value) : shown(value, unitOfKind(kind))
  if (value === '') return 'without a name'
  if (kind === 'day') return fullDay(value)
  return kind === 'month' ? monthName(value) : value
}

const unitOfKind = (kind: CellKind): Metric['unit'] => (kind === 'ratio' || kind === 'share' || kind === 'seconds' ? kind : 'count')
const shownKey = (value: ShownValue | undefined) => (typeof value === 'number' ? String(value) : shown(value, 'count'))

export function metricColumn(id: MetricId): Column {
  const { label, unit, sentence } = metrics[id]
  return { key: id, name: label, kind: unit, sentence }
}

export function dimensionColumn(id: Dimension): Column {
  const kind = id === 'day' || id === 'week' ? 'day' : id === 'month' ? 'month' : 'text'
  return { key: id, name: id === 'week' ? 'Week from' : dimensions[id].label, kind }
}

const before = (id: string) => `${id}_before`
const change = (id: string) => `${id}_change`

/** One row per row of the answer, each with the figures of the row before it in the comparison: of the same key, or on an axis of time, of the same place. */
export function rowsSheet(reply: AnalyticsReply, by: Dimension, ids: readonly MetricId[]): Sheet {
  const bases = reply.comparison?.rows ?? []
  const baseOf = (row: AnalyticsRow, place: number) => (dimensions[by].time ? bases[place] : bases.find((base) => base[by] === row[by]))
  return {
    columns: [dimensionColumn(by), ...ids.flatMap((id) => [metricColumn(id), ...(reply.comparison === null ? [] : comparedColumns(id))])],
    rows: reply.rows.map((row, place) => {
      const base = baseOf(row, place)
      const extra = reply.comparison === null ? [] : ids.flatMap((id) => comparedCells(id, row[id], base?.[id] ?? absent(id)))
      return { ...row, [by]: nameOf(row, by), ...Object.fromEntries(extra) }
    }),
  }
}

/** What was not there before counts as none; a mean of nothing stays undefined. */
const absent = (id: MetricId): ShownValue => (metrics[id].unit === 'count' ? 0 : null)

function comparedColumns(id: MetricId): Column[] {
  const { label, unit } = metrics[id]
  return [
    { key: before(id), name: `${label}, before`, kind: unit },
    { key: change(id), name: `${label}, change`, kind: 'change' },
  ]
}

function comparedCells(id: MetricId, value: Cell | undefined, base: Cell | undefined): [string, Cell][] {
  return [
    [before(id), base ?? null],
    [change(id), changeOf(figureOf(value), figureOf(base), metrics[id].unit)?.text ?? null],
  ]
}

/** A figure of the whole range a line, with its comparison. */
export function totalsSheet(reply: AnalyticsReply, ids: readonly MetricId[]): Sheet {
  const columns: Column[] = [
    { key: 'metric', name: 'Figure', kind: 'text' },
    { key: 'value', name: 'Value', kind: 'text' },
  ]
  const compared: Column[] = [
    { key: 'before', name: 'Before', kind: 'text' },
    { key: 'change', name: 'Change', kind: 'text' },
  ]
  const rows = ids.map((id) => {
    const { label, unit } = metrics[id]
    const [value, base] = [reply.total[id], reply.comparison?.total[id]]
    const extra = reply.comparison === null ? {} : { before: shown(base, unit), change: changeOf(value, base, unit)?.text ?? '–' }
    return { metric: label, value: shown(value, unit), ...extra }
  })
  return { columns: reply.comparison === null ? columns : [...columns, ...compared], rows }
}

/** The name of a row's key where one is known, else the key. */
export function nameOf(row: AnalyticsRow, by: Dimension): Cell {
  const name = row[`${by}_name`]
  return typeof name === 'string' && name !== '' ? name : (row[by] ?? null)
}

/** A figure of a row; a text in its place is none. */
export function figureOf(cell: Cell | undefined): ShownValue {
  return cell === undefined || typeof cell === 'string' ? null : cell
}

/** A figure that can be drawn; a hidden one cannot. */
export function drawable(cell: Cell | undefined): number | null {
  const value = figureOf(cell)
  return value === null || isHidden(value) ? null : value
}
