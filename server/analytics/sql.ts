import type { Facts } from '../platform/clickhouse.ts'

/** Values of a query, by the names that stand for them in its text: never a value pasted into SQL. */
export class Binds {
  readonly params: Record<string, unknown> = {}
  #count = 0

  bind(type: BindType, value: unknown): string {
    const name = `p${++this.#count}`
    this.params[name] = value
    return `{${name}:${type}}`
  }
}

export type BindType =
  | 'UInt32'
  | 'Date'
  | 'String'
  | 'Array(UInt32)'
  | 'Array(UInt64)'
  | 'Array(Array(UInt64))'
  | 'Array(String)'
  | 'Array(Date)'

/** All that counting does with the facts. */
export type FactsReader = Pick<Facts, 'query'>

export type FactRow = Readonly<Record<string, unknown>>

/** Somebody waits for it. */
const longestSeconds = 30

export function factRows(facts: FactsReader, text: string, binds: Binds): Promise<{ rows: FactRow[]; rowsRead: number }> {
  return facts.query<FactRow>(text, binds.params, { settings: { max_execution_time: longestSeconds } })
}
