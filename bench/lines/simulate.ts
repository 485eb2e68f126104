import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { ask } from '../../server/analytics/query.ts'
import { openLedger } from '../../server/ledger/open.ts'
import type { Facts } from '../../server/platform/clickhouse.ts'
import { readConfig } from '../../server/platform/config.ts'
import { dateOf, dayNumber } from '../../server/simulate/calendar.ts'
import { type Company, makeCompany } from '../../server/simulate/company.ts'
import { History } from '../../server/simulate/stream.ts'
import type { Bench, Line, Row } from '../line.ts'
import { daybook } from '../support/daybook.ts'
import { writeSimulatedFacts } from '../support/simulated-facts.ts'

/** The simulator: how fast it makes records, how long two million messages take to be in and counted, and how fast facts alone are made. */
export const simulate: Line = {
  name: 'simulate',
  about: 'messages a second that the simulator makes; two million in and counted; facts alone',
  run,
}

const last = dayNumber(Temporal.PlainDate.from('2026-11-20'))
const plain = { control: null, against: null }

async function run(bench: Bench): Promise<Row[]> {
  const wanted = bench.quick ? 200_000 : 2_000_000
  return [await generation(bench), ...(await intake(bench, wanted)), await straight(bench, wanted * 5)]
}

/** A company of a year that comes to about so many messages. */
function companyOf(messages: number): Company {
  const people = Math.round(messages / 2000)
  return makeCompany({ seed: 'bench', position: 0, people, first: last - 364, last, messagesPerPerson: 2350 })
}

/** Records as objects with all their words, in this thread alone. */
async function generation(bench: Bench): Promise<Row> {
  bench.say('simulate, records')
  const measured = await bench.quiet.during(async () => {
    const company = companyOf(200_000)
    const history = new History(company)
    const began = performance.now()
    let messages = 0
    for (let day = company.plan.first; day <= last; day++)
      for (const { kind } of history.recordsOf(day, [])) if (kind === 'message') messages++
    return messages / ((performance.now() - began) / 1000)
  })
  return { ...plain, name: 'simulate, generation', unit: 'messages/s', measured, goal: { of: 'measured', atLeast: 50_000 } }
}

/** The command as an operator gives it, on an empty data directory, until everything is counted. */
async function intake(bench: Bench, messages: number): Promise<Row[]> {
  bench.say(`simulate, ${messages.toLocaleString('en-US')} messages into the record and the counts`)
  const data = join(await bench.cleanup.folder('simulate'), 'data')
  mkdirSync(data)
  await daybook(data, ['workspace', 'create', '--name', 'A'])
  const company = [
    '--workspace',
    'A',
    '--people',
    `${messages / 2000}`,
    '--days',
    '365',
    '--seed',
    'bench',
    '--messages-per-person',
    '2350',
  ]
  let [seconds, taken] = [0, 0]
  await bench.quiet.during(async () => {
    const began = performance.now()
    const [summary] = JSON.parse(await daybook(data, ['simulate', ...company, '--until', '2026-11-20', '--json'])) as {
      kinds: { message: number }
    }[]
    seconds = (performance.now() - began) / 1000
    taken = summary?.kinds.message ?? 0
  })
  // As long as it would take for exactly so many.
  const measured = (seconds * messages) / taken
  const goal = { of: 'measured', atMost: (360 * messages) / 2_000_000 } as const
  return [
    { ...plain, name: `simulate, ${messages / 1000} k messages in and counted`, unit: 's', measured, goal },
    { ...plain, name: '  that is', unit: 'messages/s', measured: taken / seconds, goal: null },
  ]
}

async function straight(bench: Bench, messages: number): Promise<Row> {
  bench.say(`simulate, ${messages.toLocaleString('en-US')} messages straight into the facts`)
  const data = join(await bench.cleanup.folder('simulate-facts'), 'data')
  mkdirSync(data)
  const ledger = await openLedger(readConfig({ DAYBOOK_DATA: data, DAYBOOK_LOG: 'error' }, data))
  bench.cleanup.add(() => ledger.close())
  await ledger.facts.start()
  const company = companyOf(messages)
  const measured = await bench.quiet.during(async () => {
    const began = performance.now()
    const written = await writeSimulatedFacts(ledger.facts, company, { organization: 1, workspace: 1 }, data)
    const seconds = (performance.now() - began) / 1000
    await checkSame(ledger.facts, written.sent)
    return written.rows / seconds
  })
  return { ...plain, name: 'simulate, straight into the facts', unit: 'rows/s', measured, goal: { of: 'measured', atLeast: 500_000 } }
}

/** What was written is what was planned, or the figure says nothing. */
async function checkSame(facts: Facts, sent: number): Promise<void> {
  const period = { first: dateOf(last - 364), last: dateOf(last) }
  const question = {
    metrics: ['messages', 'sessions'] as const,
    by: ['source'] as const,
    period,
    comparison: null,
    filters: [],
    today: period.last,
  }
  const { total } = await ask(facts, 1, 1, { ...question })
  if (total[0] !== sent) throw new Error(`the facts hold ${total[0]} messages, the plan ${sent}`)
}
