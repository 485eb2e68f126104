import { z } from 'zod'
import { waitForCommits } from '../ledger/append.ts'
import type { Context } from '../ledger/context.ts'
import { question } from '../ledger/question.ts'
import { openRow, rowsOf, type SealedRow, sealedColumns } from '../ledger/read.ts'
import { workspaceOf } from '../people/workspaces.ts'
import { seqBefore } from './conversation-list.ts'
import { demandPerson } from './held-questions.ts'
import { secondsOr, textOrNull } from './openai-common.ts'
import { present } from './openai-conversations.ts'
import { cursor, limit, noted, sinceTimestamp, userId, workspaceId } from './openai-parameters.ts'

const since = { since_timestamp: sinceTimestamp.describe('Unix seconds, inclusive; only entries that arrived or changed then or later') }
export const memoriesQuery = z.object({ after: cursor.describe('User id: last_id of the page before'), limit: limit(200, 200), ...since })
export const userMemoriesQuery = z.object(since)

/** GET …/memories: what is remembered of each person, in the order of their ids. */
export const memories = question({
  action: 'memories.list',
  scope: 'compliance:read',
  input: memoriesQuery.extend({ workspace_id: workspaceId }),
  workspace: (ctx, input) => workspaceOf(ctx, input.workspace_id),
  query: noted,
  async ask(ctx, input, workspace) {
    const its = present(workspace).number
    const since = await seqSince(ctx, input.since_timestamp)
    const page = async () =>
      remembered(ctx, { workspace: its, since, among: await changedSince(ctx, its, since), after: input.after ?? '', limit: input.limit })
    let people = await page()
    if (people.length <= input.limit) {
      // Only who has seen every commit that began before may say "that is all": a client comes back with the time of this reply.
      await waitForCommits(ctx.ledger.database.reads, ctx.ledger.organization.number)
      people = await page()
    }
    return answer(ctx, its, people.slice(0, input.limit), { since, hasMore: people.length > input.limit })
  },
})

/** GET …/users/{user_id}/memories: the same of one person, and an empty list where nothing is remembered. */
export const userMemories = question({
  action: 'memories.list',
  scope: 'compliance:read',
  input: userMemoriesQuery.extend({ workspace_id: workspaceId, user_id: userId }),
  workspace: (ctx, input) => workspaceOf(ctx, input.workspace_id),
  query: noted,
  async ask(ctx, input, workspace) {
    const its = present(workspace)
    const among = [await demandPerson(ctx, its, input.user_id)]
    const since = await seqSince(ctx, input.since_timestamp)
    const people = await remembered(ctx, { workspace: its.number, since, among, after: '', limit: 1 })
    return answer(ctx, its.number, people, { since, hasMore: false })
  },
})

/** The seq after which memories are wanted; 0: all of them. */
const seqSince = async (ctx: Context, time: number | null) => (time === null ? 0 : seqBefore(ctx, time))

interface Person {
  number: number
  id: string
}

interface People {
  readonly workspace: number
  /** Only with a memory that was committed after this seq. */
  readonly since: number
  /** Only these people; null: everybody. */
  readonly among: readonly number[] | null
  readonly after: string
  readonly limit: number
}

/** Of so many changed memories the people are looked up one by one; of more, everybody is gone through in the order of the list. */
const fewChanged = 5000

/** Whose memories changed after a seq; null where nothing says so, or too many did. Connectors come back for what is new, which is little. */
async function changedSince(ctx: Context, workspace: number, since: number): Promise<number[] | null> {
  if (since === 0) return null
  const rows = await rowsOf<{ person: number }>(
    ctx.ledger.database,
    'memories changed',
    `select person from item where organization_id = $1 and workspace_id = $2 and kind = 'memory' and seq > $3 and person is not null
     order by seq limit $4`,
    [ctx.ledger.organization.number, workspace, since, fewChanged + 1],
  )
  return rows.length > fewChanged ? null : [...new Set(rows.map(({ person }) => person))]
}

const readable = `join log l on l.organization_id = i.organization_id and l.seq = i.seq and l.payload is not null
  join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq`

/**
 * Who has something remembered that can be read; one more than asked for tells whether there is more. `offset 0` keeps the planner from
 * joining all memories first: people come in the order of the index, a look-up each, until the page is full.
 */
function remembered(ctx: Context, { workspace, since: from, among, after, limit: most }: People): Promise<Person[]> {
  return rowsOf<Person>(
    ctx.ledger.database,
    `people remembered ${among !== null}`,
    `select p.number, coalesce(p.wire_id, p.id) as id from item p
     where p.organization_id = $1 and p.workspace_id = $2 and p.kind = 'person' and coalesce(p.wire_id, p.id) collate "C" > $3
       ${among === null ? '' : 'and p.number = any($6::bigint[])'} and exists (
         select from item i ${readable}
         where i.organization_id = p.organization_id and i.workspace_id = p.workspace_id and i.kind = 'memory' and i.person = p.number
           and i.seq > $4 offset 0)
     order by coalesce(p.wire_id, p.id) collate "C" limit $5`,
    [ctx.ledger.organization.number, workspace, after, from, most + 1, ...(among === null ? [] : [among])],
  )
}

interface EntryRow extends SealedRow {
  id: string
  person: number
  valid_at: number
}

/** The entries of all people of a page at once. */
async function answer(
  ctx: Context,
  workspace: number,
  people: readonly Person[],
  { since: from, hasMore }: { since: number; hasMore: boolean },
) {
  const { database, organization } = ctx.ledger
  const rows =
    people.length === 0
      ? []
      : await rowsOf<EntryRow>(
          database,
          'memories',
          `select coalesce(i.wire_id, i.id) as id, i.person, extract(epoch from v.valid_from)::float8 as valid_at, ${sealedColumns}
           from item i join version v on v.organization_id = i.organization_id and v.item = i.number and v.seq = i.seq ${readable}
           where i.organization_id = $1 and i.workspace_id = $2 and i.kind = 'memory' and i.person = any($3::bigint[]) and i.seq > $4
           order by i.number`,
          [organization.number, workspace, people.map(({ number }) => number), from],
        )
  const entries = rows.flatMap((row) => {
    const record = openRow(organization, row)
    return record ? [{ ...row, record }] : []
  })
  const data = people.map((person) =>
    memoryObject(
      person,
      entries.filter((entry) => entry.person === person.number),
    ),
  )
  const ids = entries.map(({ id }) => id)
  return { ids, result: { object: 'list' as const, data, last_id: people.at(-1)?.id ?? null, has_more: hasMore } }
}

interface Entry extends Pick<EntryRow, 'id' | 'valid_at'> {
  readonly record: Readonly<Record<string, unknown>>
}

/** Contexts and entries are bare arrays, as the provider has them. Without a context of its own an entry is in the person's. */
function memoryObject({ id }: Person, entries: readonly Entry[]) {
  const contexts = Map.groupBy(entries, ({ record }) => textOrNull(record.context_id) ?? id)
  return {
    object: 'compliance.workspace.user.memory',
    id,
    memory_contexts: [...contexts].map(([contextId, some]) => ({
      object: 'compliance.workspace.user.memory.context',
      id: contextId,
      memory_entries: some.map((entry) => ({
        object: 'compliance.workspace.user.memory.context.entry',
        id: entry.id,
        content: textOrNull(entry.record.content) ?? '',
        updated_at: secondsOr(entry.record.updated_at, entry.valid_at),
      })),
    })),
  }
}
