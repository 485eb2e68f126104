import type { Command } from 'commander'
import { rebuildIndex } from '../compliance/index-rebuild.ts'
import { type IndexStatus, indexStatus } from '../compliance/index-status.ts'
import { count, say, sayJson } from './say.ts'
import { withLedger } from './with-ledger.ts'

interface Options {
  json?: boolean
}

export function searchCommands(daybook: Command): void {
  const search = daybook.command('search').description('the index of words, which is derived from the record and can be made anew from it')
  search.command('status').description('how far the index follows the record').option('--json', 'print one JSON document').action(status)
  search
    .command('rebuild')
    .description('make the index anew from the whole record; until it is done, searches find the newest entries and what is indexed again')
    .option('--json', 'print one JSON document')
    .action(rebuild)
}

async function status({ json }: Options): Promise<void> {
  const found = await withLedger((ctx) => indexStatus(ctx.ledger))
  if (json) sayJson(found)
  else say(words(found))
}

function words({ cursor, head, lag_seconds }: IndexStatus): string {
  if (head === cursor) return `The index holds the whole record (entry ${head}).`
  return `The index is ${count(head - cursor, 'entry', 'entries')} behind, ${lag_seconds.toFixed(1)} s (entry ${cursor} of ${head}).`
}

const sayEvery = 3000

async function rebuild({ json }: Options): Promise<void> {
  const began = performance.now()
  let said = began
  const onStep = ({ cursor, head }: IndexStatus) => {
    if (performance.now() - said < sayEvery) return
    said = performance.now()
    say(`  entry ${cursor.toLocaleString('en-US')} of ${head.toLocaleString('en-US')}`)
  }
  const { cursor } = await withLedger(({ ledger }, signal) => rebuildIndex(ledger, { onStep, signal }))
  const seconds = (performance.now() - began) / 1000
  if (json) sayJson({ cursor, seconds })
  else say(`Made anew in ${seconds.toFixed(1)} s, up to entry ${cursor} of the record.`)
}
