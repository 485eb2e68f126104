import { Presets, SingleBar } from 'cli-progress'
import type { Command } from 'commander'
import { type RebuildStep, rebuildFacts } from '../analytics/rebuild.ts'
import { type FactsStatus, factsStatus } from '../analytics/status.ts'
import { count, say, sayJson, shortTime } from './say.ts'
import { withLedger } from './with-ledger.ts'

interface Options {
  json?: boolean
}

export function factsCommands(daybook: Command): void {
  const facts = daybook.command('facts').description('the counts, which are derived from the record and can be made anew from it')
  facts.command('status').description('how far the counts follow the record').option('--json', 'print one JSON document').action(status)
  facts
    .command('rebuild')
    .description('make the counts anew from the whole record; the present ones are read and followed until the new ones take their place')
    .option('--json', 'print one JSON document')
    .action(rebuild)
}

async function status({ json }: Options): Promise<void> {
  const found = await withLedger((ctx) => factsStatus(ctx.ledger))
  if (json) sayJson(found)
  else say(...words(found))
}

function words({ cursor, head, lag_seconds, data_through, rows }: FactsStatus): string[] {
  const behind =
    head === cursor
      ? 'The counts hold the whole record'
      : `The counts are ${count(head - cursor, 'entry', 'entries')} behind, ${lag_seconds.toFixed(1)} s`
  return [
    `${behind} (entry ${cursor} of ${head}); data through ${shortTime(data_through)} UTC.`,
    `${count(rows.messages, 'message row')}, ${count(rows.sessions, 'session row')}, ${count(rows.coding, 'coding row')} written.`,
  ]
}

async function rebuild({ json }: Options): Promise<void> {
  const began = performance.now()
  const progress = progressOf()
  try {
    const [done] = await withLedger(({ ledger }, signal) => rebuildFacts(ledger, { onStep: progress.step, signal }))
    const seconds = (performance.now() - began) / 1000
    const messages = done?.rows.messages ?? 0
    if (json) sayJson({ cursor: done?.cursor ?? 0, data_through: done?.through ?? null, rows: done?.rows, seconds })
    else say(`Made anew in ${seconds.toFixed(1)} s: ${count(messages, 'message')}, up to entry ${done?.cursor ?? 0} of the record.`)
  } finally {
    progress.stop()
  }
}

const quietFor = 2000

/** A bar where somebody looks, lines every few seconds where a file is written. Neither for what is done within two seconds. */
function progressOf(): { step(step: RebuildStep): void; stop(): void } {
  const began = performance.now()
  const bar = process.stderr.isTTY
    ? new SingleBar({ format: '  {bar} {percentage} % | {value} of {total} conversations', stream: process.stderr }, Presets.shades_classic)
    : null
  let said = began
  return {
    step({ done, total }) {
      const now = performance.now()
      if (now - began < quietFor) return
      if (!bar && now - said > 3000) {
        say(`  ${count(done, 'conversation')} of ${total.toLocaleString('en-US')}`)
        said = now
      }
      if (bar && !bar.isActive) bar.start(total, done)
      bar?.update(done)
    },
    stop: () => bar?.stop(),
  }
}
