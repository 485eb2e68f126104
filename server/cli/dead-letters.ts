import { type Command, InvalidArgumentError } from 'commander'
import { type DeadLetter, everyDeadLetter } from '../intake/dead-letters.ts'
import { replayDeadLetters } from '../intake/replay.ts'
import type { Context } from '../ledger/context.ts'
import { workspaceNamed } from '../people/workspaces.ts'
import { count, say, sayJson, shortTime, table } from './say.ts'
import { withLedger } from './with-ledger.ts'

interface Options {
  workspace?: string
  code?: string
  json?: boolean
}

export function deadLetterCommands(daybook: Command): void {
  const letters = daybook.command('dead-letters').description('what was sent and not taken, with its reason')
  letters
    .command('list')
    .description('show what waits to be replayed')
    .option('--workspace <workspace>', 'only those for this workspace (id or name)')
    .option('--code <code>', 'only those refused for this reason')
    .option('--json', 'print one JSON document')
    .action(list)
  letters
    .command('replay')
    .description('send them again, all or those named; what is taken now is a dead letter no more')
    .argument('[number...]', 'which ones', eachNumber)
    .option('--workspace <workspace>', 'only those for this workspace (id or name)')
    .option('--code <code>', 'only those refused for this reason')
    .option('--json', 'print one JSON document')
    .action(replay)
}

function eachNumber(text: string, before: number[] = []): number[] {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('It must be the number of a dead letter.')
  return [...before, Number(text)]
}

async function filterOf(ctx: Context, { workspace, code }: Options): Promise<{ workspace?: number; code?: string }> {
  return {
    ...(workspace === undefined ? {} : { workspace: (await workspaceNamed(ctx.ledger, workspace)).number }),
    ...(code === undefined ? {} : { code }),
  }
}

async function list(options: Options): Promise<void> {
  const all: DeadLetter[] = []
  let listed = 0
  await withLedger(async (ctx) => {
    for await (const letters of everyDeadLetter(ctx.ledger, await filterOf(ctx, options))) {
      listed += letters.length
      if (options.json) all.push(...letters)
      else say(...page(letters))
    }
  })
  if (options.json) sayJson(all)
  else if (listed === 0) say('There are no dead letters: everything that was sent was taken.')
}

function page(letters: readonly DeadLetter[]): string[] {
  const rows = letters.map((one) => [String(one.number), shortTime(one.received_at), one.source, one.via, one.code, one.place, one.message])
  return table(['NUMBER', 'RECEIVED (UTC)', 'SOURCE', 'BY', 'CODE', 'PLACE', 'WHY'], rows)
}

async function replay(numbers: number[], options: Options): Promise<void> {
  const { taken, refused, unfit } = await withLedger(async (ctx, interrupted) =>
    replayDeadLetters(ctx, { interrupted, ...(await filterOf(ctx, options)), ...(numbers.length > 0 ? { numbers } : {}) }),
  )
  if (options.json) return sayJson({ taken, refused, unfit })
  say(`${count(taken.length, 'dead letter')} taken, ${refused.length} refused again.`)
  say(...refused.map(({ number, code, message }) => `  ${number}: ${code}: ${message}`))
  if (unfit.length > 0)
    say(`${count(unfit.length, 'is', 'are')} no record that can be sent again; mend the source and import it: ${unfit.join(', ')}`)
}
