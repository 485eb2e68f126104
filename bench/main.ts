import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { isMet, type Line, type Row, ratioOf } from './line.ts'
import { authorize } from './lines/authorize.ts'
import { follow } from './lines/follow.ts'
import { fullRead } from './lines/full-read.ts'
import { importExport } from './lines/import-export.ts'
import { indexCost } from './lines/index-cost.ts'
import { intake } from './lines/intake.ts'
import { limits } from './lines/limits.ts'
import { overview } from './lines/overview.ts'
import { pageDepth } from './lines/page-depth.ts'
import { pageHundred } from './lines/page-hundred.ts'
import { search } from './lines/search.ts'
import { signIn } from './lines/sign-in.ts'
import { simulate } from './lines/simulate.ts'
import { singleRecord } from './lines/single-record.ts'
import { start } from './lines/start.ts'
import { timeline } from './lines/timeline.ts'
import { withCleanup } from './support/cleanup.ts'
import { Quiet } from './support/quiet.ts'
import { tableOf } from './table.ts'

const lines: readonly Line[] = [
  intake,
  singleRecord,
  fullRead,
  pageDepth,
  pageHundred,
  start,
  importExport,
  limits,
  follow,
  overview,
  simulate,
  timeline,
  authorize,
  signIn,
  indexCost,
  search,
]

const help = `Usage: npm run bench -- [names…] [--quick] [--json]

Measures this checkout on this machine, every line on a server process of its own with an empty data directory, against a
control in the same run: the ratio says more than the figure, whose half is the machine. Nothing is asserted; it exits 0 when it ran.

${lines.map(({ name, about }) => `  ${name.padEnd(8)} ${about}`).join('\n')}

  --quick  less data and fewer rounds: under 2 minutes instead of under 10
  --json   one JSON document on standard output instead of the table
  --help   this text
`

class WrongUsage extends Error {}

function parse() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  })
  const unknown = positionals.filter((name) => !lines.some((line) => line.name === name))
  if (unknown.length > 0)
    throw new WrongUsage(`there is no line ${unknown.join(', ')}; there are ${lines.map(({ name }) => name).join(', ')}`)
  return { ...values, wanted: positionals.length === 0 ? lines : lines.filter(({ name }) => positionals.includes(name)) }
}

async function measure(wanted: readonly Line[], quick: boolean, quiet: Quiet): Promise<Row[]> {
  const say = (text: string) => process.stderr.write(`${text} …\n`)
  const rows: Row[] = []
  for (const line of wanted) rows.push(...(await withCleanup((cleanup) => line.run({ cleanup, quick, quiet, say }))))
  return rows
}

function machine(): string {
  return `${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, Node ${process.versions.node}`
}

/** Beside a busy neighbor the ratio to the control is worth more than the figure, and a quiet hour more than both. */
function meanwhile({ disturbance }: Quiet): string {
  return `Others used up to ${disturbance.toFixed(1)} processors during a round${disturbance > 0.3 ? ': repeat this when they do not' : ''}.`
}

async function main(): Promise<void> {
  const { wanted, quick, json, help: helpWanted } = parse()
  if (helpWanted) {
    process.stdout.write(help)
    return
  }
  const quiet = new Quiet(quick ? 20 : 120)
  const rows = await measure(wanted, quick, quiet)
  if (json) {
    const figures = rows.map((row) => ({ ...row, ratio: ratioOf(row), met: isMet(row) }))
    process.stdout.write(`${JSON.stringify({ machine: machine(), others: quiet.disturbance, quick, rows: figures }, null, 1)}\n`)
  } else process.stdout.write(`\n${machine()}${quick ? ', quick' : ''}\n\n${tableOf(rows)}\n\n${meanwhile(quiet)}\n`)
}

try {
  await main()
} catch (error) {
  const usage =
    error instanceof WrongUsage || (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
  process.stderr.write(`bench: ${error instanceof Error ? (usage ? error.message : (error.stack ?? error.message)) : String(error)}\n`)
  process.exitCode = usage ? 2 : 1
}
