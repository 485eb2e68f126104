import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { Temporal } from 'temporal-polyfill'
import type { Dimension, MetricId } from '../../contract/metrics.ts'
import { ask } from '../../server/analytics/query.ts'
import type { Question } from '../../server/analytics/query-question.ts'
import { openLedger } from '../../server/ledger/open.ts'
import type { Facts } from '../../server/platform/clickhouse.ts'
import { readConfig } from '../../server/platform/config.ts'
import type { Bench, Line, Row } from '../line.ts'
import { lastDay, organization, workspace, writeFacts } from '../support/counted-facts.ts'
import { recordQuestions, writeRecords } from '../support/counted-records.ts'
import { factQuestions, openDuckDb } from '../support/duckdb.ts'
import { median, percentile } from '../support/statistics.ts'

/** What the panels of Overview ask, as the page opens and over twelve months; the slowest of them is also put to PostgreSQL and to DuckDB. */
export const overview: Line = {
  name: 'overview',
  about: "milliseconds of Overview's questions over 10 million facts, 28 days and 12 months",
  run,
}

const slowest = 'conversations'
const panels: Readonly<Record<string, readonly [readonly MetricId[], readonly Dimension[]]>> = {
  stats: [['active_people', 'messages', 'gpt_messages', 'tool_messages', 'project_messages', 'connector_calls', 'skill_uses'], ['week']],
  actives: [['daily_active', 'weekly_active', 'monthly_active'], ['week']],
  families: [['messages'], ['week', 'model_family']],
  [slowest]: [['conversations', 'messages_per_conversation', 'messages_per_conversation_median'], ['week']],
  sessions: [['sessions', 'session_seconds', 'session_seconds_median'], ['week']],
  tools: [['tool_messages', 'people_using_tools', 'tool_share'], ['tool']],
  shares: [['gpt_share', 'project_share', 'tool_share', 'skill_share', 'connector_share'], []],
  hours: [['messages'], ['weekday', 'hour']],
}

async function run(bench: Bench): Promise<Row[]> {
  const messages = bench.quick ? 1_000_000 : 10_000_000
  const data = join(await bench.cleanup.folder('overview'), 'data')
  mkdirSync(data)
  const ledger = await openLedger(readConfig({ DAYBOOK_DATA: data, DAYBOOK_LOG: 'error' }, data))
  bench.cleanup.add(() => ledger.close())
  await writeFacts(ledger.facts, messages, bench.say)
  const file = join(data, 'facts.parquet')
  await ledger.facts.command(exportRows, { file })
  const duckdb = await openDuckDb(file)
  bench.cleanup.add(() => duckdb.closeSync())
  await writeRecords(ledger.database.writes, messages, bench.say)
  // A connection without the ledger's own rules for plans, which are for looking up single rows.
  const postgres = new pg.Client(ledger.database.connection)
  await postgres.connect()
  bench.cleanup.add(() => postgres.end())
  await postgres.query(`set work_mem = '256MB'`)

  bench.say('asking')
  // Both engines run beside this process, so only the moment before can be chosen.
  await bench.quiet.during(async () => undefined)
  const rounds = bench.quick ? 10 : 30
  const ours = new Map<string, number[]>()
  const opening: number[] = []
  for (const name of Object.keys(panels)) {
    ours.set(name, await timed(rounds, () => ask(ledger.facts, organization, workspace, question(name, 365))))
    opening.push(percentile(await timed(rounds, () => ask(ledger.facts, organization, workspace, question(name, 28))), 0.95))
  }
  const inDuckDb = await timed(rounds, () => Promise.all(factQuestions.map((sql) => duckdb.runAndReadAll(sql))))
  bench.say('asking PostgreSQL')
  const inPostgres = await timed(bench.quick ? 2 : 3, async () => {
    for (const sql of recordQuestions) await postgres.query(sql)
  })
  await checkSame(ledger.facts, postgres)
  return rowsOf(ours, Math.max(...opening), { postgres: median(inPostgres), duckdb: median(inDuckDb) })
}

/** The trap of Parquet in the embedded engine: with its usual settings it takes gigabytes. */
const exportRows = `insert into function file({file:String}, 'Parquet') select organization, workspace, day, conversation, sign, counted from message_fact
  settings max_threads = 1, output_format_parquet_parallel_encoding = 0, output_format_parquet_row_group_size = 100000, max_block_size = 16384`

function question(panel: string, days: 28 | 365): Question {
  const [metrics = [], by = []] = panels[panel] ?? []
  const last = Temporal.PlainDate.from(lastDay)
  const period = { first: last.subtract({ days: days - 1 }), last }
  return { metrics, by, period, comparison: null, filters: [], today: period.last.add({ days: 1 }) }
}

/** Milliseconds of each time, after two to warm up. */
async function timed(times: number, work: () => Promise<unknown>): Promise<number[]> {
  const taken: number[] = []
  for (let time = -2; time < times; time++) {
    const began = performance.now()
    await work()
    if (time >= 0) taken.push(performance.now() - began)
  }
  return taken
}

/** A comparison of different questions would say nothing. */
async function checkSame(facts: Facts, postgres: pg.Client): Promise<void> {
  const { total } = await ask(facts, organization, workspace, question(slowest, 365))
  const { rows } = await postgres.query<{ conversations: string; messages: string; median: number }>(recordQuestions[1] ?? '')
  const [row] = rows
  const theirs = row ? [Number(row.conversations), Number(row.messages) / Number(row.conversations), row.median] : []
  if (JSON.stringify(theirs) !== JSON.stringify(total)) throw new Error(`the facts say ${total}, PostgreSQL says ${theirs}`)
}

function rowsOf(ours: ReadonlyMap<string, readonly number[]>, opening: number, control: { postgres: number; duckdb: number }): Row[] {
  const slow = ours.get(slowest) ?? []
  const worst = Math.max(...[...ours.values()].map((taken) => percentile(taken, 0.95)))
  const each = [...ours].map(([name, taken]): Row => ({ ...plain, name: `overview ${name}`, measured: median(taken) }))
  return [
    { ...plain, name: 'overview, any panel p95, 28 days', measured: opening, goal: { of: 'measured', atMost: 150 } },
    { ...plain, name: 'overview, any panel p95, 12 months', measured: worst, goal: { of: 'measured', atMost: 150 } },
    {
      ...plain,
      ...{ name: `overview ${slowest}, records`, measured: median(slow), control: control.postgres },
      against: 'the same question put to PostgreSQL over the records, two statements',
      goal: { of: 'ratio', atMost: 1 / 30 },
    },
    {
      ...plain,
      ...{ name: `overview ${slowest}, DuckDB`, measured: median(slow), control: control.duckdb },
      against: 'the same question put to DuckDB over the same facts in its own storage, two statements at once',
      goal: { of: 'ratio', atMost: 1.5 },
    },
    ...each,
  ]
}

const plain = { unit: 'ms', control: null, against: null, goal: null } as const
