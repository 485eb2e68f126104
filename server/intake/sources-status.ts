import { Temporal } from 'temporal-polyfill'
import { type SourceStatus, type SourcesReply, sourceState } from '../../contract/sources.ts'
import type { Ledger } from '../ledger/context.ts'
import { nowhere, refused } from '../ledger/source-tally.ts'

/** How far the counts have followed the log. */
export interface Counted {
  readonly cursor: number
  readonly head: number
  readonly lag_seconds: number
  readonly data_through: string | null
}

/** What came from each source of a workspace, from the tallies that every batch keeps: as fast with ten million records as with ten. */
export async function sourcesOf(
  ledger: Ledger,
  workspace: number,
  { whole, counted }: { whole: boolean; counted: Counted },
): Promise<SourcesReply> {
  const rows = await tallies(ledger, [workspace])
  const waiting = await waitingBySource(ledger, workspace)
  const now = ledger.clock.now()
  const names = [...new Set(rows.map(({ source }) => source))].sort()
  return {
    sources: names.map((source) =>
      statusOf(
        source,
        rows.filter((row) => row.source === source),
        waiting.get(source) ?? 0,
        now,
      ),
    ),
    unplaced: whole ? await unplacedOf(ledger) : null,
    counted: {
      data_through: counted.data_through,
      lag_seconds: counted.lag_seconds,
      entries_behind: Math.max(0, counted.head - counted.cursor),
    },
  }
}

/** When the first record of any source arrived; null while none has. */
export async function firstArrival(ledger: Ledger, workspace: number): Promise<string | null> {
  const rows = await tallies(ledger, [workspace])
  return earliestOf(rows.map(({ first_received_at }) => first_received_at))
}

type Row = Awaited<ReturnType<typeof tallies>>[number]

function tallies({ database, organization }: Ledger, workspaces: number[]) {
  return database.reader
    .selectFrom('source_tally')
    .selectAll()
    .where('organization_id', '=', organization.number)
    .where('workspace_id', 'in', workspaces)
    .orderBy('source')
    .orderBy('kind')
    .execute()
}

async function waitingBySource({ database, organization }: Ledger, workspace: number | null): Promise<Map<string, number>> {
  const rows = await database.reader
    .selectFrom('dead_letter')
    .select(['source', (is) => is.fn.countAll<number>().as('waiting')])
    .where('organization_id', '=', organization.number)
    .where('workspace_id', workspace === null ? 'is' : '=', workspace)
    .where('replayed_at', 'is', null)
    .groupBy('source')
    .execute()
  return new Map(rows.map(({ source, waiting }) => [source, waiting]))
}

async function unplacedOf(ledger: Ledger): Promise<{ rejected: number; waiting: number }> {
  const waiting = await waitingBySource(ledger, null)
  const rows = await tallies(ledger, [nowhere])
  return { rejected: sum(rows.map(({ rejected }) => rejected)), waiting: sum([...waiting.values()]) }
}

function statusOf(source: string, rows: readonly Row[], waiting: number, now: Temporal.Instant): SourceStatus {
  const last = latestOf(rows.map(({ last_received_at }) => last_received_at))
  const newest = latestOf(rows.map(({ newest_at }) => newest_at))
  return {
    source,
    state: sourceState(last, now),
    first_received_at: earliestOf(rows.map(({ first_received_at }) => first_received_at)),
    last_received_at: last,
    newest_at: newest,
    lag_seconds: newest === null ? null : Math.max(0, Temporal.Instant.from(newest).until(now).total('seconds')),
    accepted: sum(rows.map(({ accepted }) => accepted)),
    updated: sum(rows.map(({ updated }) => updated)),
    duplicates: sum(rows.map(({ duplicates }) => duplicates)),
    rejected: sum(rows.map(({ rejected }) => rejected)),
    waiting,
    kinds: rows
      .filter(({ kind }) => kind !== refused)
      .map(({ kind, accepted, updated, duplicates }) => ({ kind, accepted, updated, duplicates })),
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0)

const inOrder = (times: readonly (string | null)[]) =>
  times.filter((time) => time !== null).sort((a, b) => Temporal.Instant.compare(Temporal.Instant.from(a), Temporal.Instant.from(b)))
const earliestOf = (times: readonly (string | null)[]) => inOrder(times)[0] ?? null
const latestOf = (times: readonly (string | null)[]) => inOrder(times).at(-1) ?? null
