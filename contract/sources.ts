import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import type { Scope } from './people.ts'

/** What came from each source and what became of it: counts and places, never content. */

/** Who may see the counts; who may see each refusal with its place; who may send refusals again. Any of the scopes is enough. */
export const sourceScopes = ['analytics:read', 'compliance:read', 'ingest:write', 'settings:manage'] as const satisfies readonly Scope[]
export const letterScopes = ['compliance:read', 'ingest:write', 'settings:manage'] as const satisfies readonly Scope[]
export const replayScopes = ['ingest:write', 'settings:manage'] as const satisfies readonly Scope[]

export const sourceStates = ['on-time', 'late', 'too-late', 'silent'] as const
export type SourceState = (typeof sourceStates)[number]

/** Hours without a record after which a source is late, and is past what the providers promise. */
const lateAfter = 12
const tooLateAfter = 48
/** After four weeks it is no delay any more: an import that is over, or a connection that is gone. */
const silentAfter = 28 * 24

/** How a source does by when its last record arrived; null: nothing of it was ever taken. */
export function sourceState(lastReceived: string | null, now: Temporal.Instant): SourceState {
  if (lastReceived === null) return 'silent'
  const hours = Temporal.Instant.from(lastReceived).until(now).total('hours')
  if (hours <= lateAfter) return 'on-time'
  if (hours <= tooLateAfter) return 'late'
  return hours <= silentAfter ? 'too-late' : 'silent'
}

const workspaceId = z.string().describe('Id of the workspace')
const instant = z.string().describe('RFC 3339')
const total = z.int().nonnegative()

export const sourcesQuery = z.object({ workspace_id: workspaceId })

const kindTally = z.object({
  kind: z.string(),
  accepted: total.describe('Records stored'),
  updated: total.describe('Later versions of them stored'),
  duplicates: total.describe('Records that were known already'),
})

const sourceStatus = z.object({
  source: z.string(),
  state: z.enum(sourceStates).describe('By the arrival of the last record: late after 12 hours, too late after 48, silent after 28 days'),
  first_received_at: instant.nullable().describe('When the first record arrived; null when none was ever taken'),
  last_received_at: instant.nullable().describe('When the last record arrived, duplicates included'),
  newest_at: instant.nullable().describe('The newest time that a record says of itself'),
  lag_seconds: z.number().nullable().describe('Age of the newest record, by its own time'),
  accepted: total,
  updated: total,
  duplicates: total,
  rejected: total.describe('Refusals ever kept as dead letters, those replayed since included'),
  waiting: total.describe('Dead letters that wait to be replayed'),
  kinds: z.array(kindTally),
})
export type SourceStatus = z.output<typeof sourceStatus>

export const sourcesReply = z.object({
  sources: z.array(sourceStatus),
  unplaced: z
    .object({ rejected: total, waiting: total })
    .nullable()
    .describe('Refusals that named no workspace of the organization; null for a caller bound to one workspace'),
  counted: z.object({
    data_through: instant.nullable().describe('The counts hold everything that arrived up to here; null before anything was counted'),
    lag_seconds: z.number().describe('Age of the oldest entry that is not counted yet; 0 when all are'),
    entries_behind: total,
  }),
})
export type SourcesReply = z.output<typeof sourcesReply>

const filters = {
  source: z.string().max(64).optional().describe('Only those of this source'),
  via: z.string().max(64).optional().describe('Only those that came this way: `http`, or an importer'),
  code: z.string().max(64).optional().describe('Only those refused for this reason'),
}

const letterNumber = z.int().positive().max(Number.MAX_SAFE_INTEGER)

export const deadLettersQuery = z.object({
  workspace_id: workspaceId.describe(
    'Id of the workspace; a caller of the whole organization also gets those that named none of its workspaces',
  ),
  ...filters,
  after: z.coerce.number().int().nonnegative().default(0).describe('Only those after this number: `next_after` of the page before'),
  limit: z.coerce.number().int().min(1).max(500).default(50).describe('At most so many'),
})

const deadLetter = z.object({
  number: letterNumber,
  workspace_id: z.string().nullable(),
  received_at: instant,
  source: z.string(),
  via: z.string(),
  place: z.string().describe('Where it stood in what was sent'),
  id: z.string().nullable().describe("The record's own id, where it could be read"),
  code: z.string(),
  message: z.string().describe('Why it was refused; never holds content'),
  replayable: z.boolean().describe('Whether anything was kept that a replay could send'),
})
export type DeadLetterRow = z.output<typeof deadLetter>

export const deadLetterPage = z.object({
  data: z.array(deadLetter).describe('The oldest first'),
  next_after: letterNumber.nullable().describe('Go on with after=; null at the end'),
})
export type DeadLetterPage = z.output<typeof deadLetterPage>

const reason = z.object({
  code: z.string(),
  source: z.string(),
  via: z.string(),
  waiting: total,
  oldest_at: instant,
  newest_at: instant,
})
export type Reason = z.output<typeof reason>

export const deadLetterSummary = z.object({ waiting: total, reasons: z.array(reason).describe('The most frequent first') })
export type DeadLetterSummary = z.output<typeof deadLetterSummary>

export const replayInput = z.object({
  workspace_id: workspaceId,
  numbers: z.array(letterNumber).min(1).max(500).optional().describe('Only these; without it all that the other parameters leave'),
  ...filters,
  after: z.int().nonnegative().default(0).describe('Only those after this number: `next_after` of the reply before'),
})

export const replayReply = z.object({
  taken: z.array(letterNumber).describe('Stored now, or known already: dead letters no more'),
  refused: z
    .array(z.object({ number: letterNumber, code: z.string(), message: z.string() }))
    .describe('Still refused, with the reason of this time'),
  unfit: z.array(letterNumber).describe('Pieces of a source and no records, or nothing was kept of them: only a new import helps'),
  next_after: letterNumber.nullable().describe('A request replays a hundred at most; go on with after=, null when there are no more'),
})
export type ReplayReply = z.output<typeof replayReply>

export const firstRunSteps = ['workspace', 'source', 'counts', 'key', 'viewer'] as const
export type FirstRunStep = (typeof firstRunSteps)[number]

export const firstRunQuery = z.object({
  workspace_id: workspaceId.optional().describe('Id of the workspace that is being set up; without it the first one the caller may see'),
})

export const firstRunReply = z.object({
  steps: z.array(z.object({ step: z.enum(firstRunSteps), done: z.boolean() })).describe('What a new installation goes through, in order'),
})
export type FirstRunReply = z.output<typeof firstRunReply>
