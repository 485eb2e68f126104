import { z } from 'zod'
import { waitForCommits } from '../ledger/append.ts'
import type { Context } from '../ledger/context.ts'
import { question } from '../ledger/question.ts'
import { openRow, rowsOf, type SealedRow, sealedColumns } from '../ledger/read.ts'
import { workspaceOf } from '../people/workspaces.ts'
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
    const page = { workspace: present(workspace).number, since: input.since_timestamp, after: input.after ?? '', limit: input.limit }
    let people = await remembered(ctx, page)
    if (people.length <= input.limit) {
      // Only who has seen every commit that began before may say "that is all": a client comes back with the time of this reply.
      await waitForCommits(ctx.ledger.database.reads, ctx.ledger.organization.number)
      people = await remembered(ctx, page)
    }
    return answer(ctx, people.slice(0, input.limit), { since: input.since_timestamp, hasMore: people.length > input.limit })
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
    const number = await demandPerson(ctx, its, input.user_id)
    const page = { workspace: its.number, since: input.since_timestamp, after: '', limit: 1, number }
    return answer(ctx, await remembered(ctx, page), { since: input.since_timestamp, hasMore: false })
  },
})

interface Person {
  number: number
  id: string
}

interface People {
  readonly workspace: number
  /** Unix seconds, by the time of commit. */
  readonly since: number | null
  readonly after: string
  readonly limit: number
  /** Only this person. */
  readonly number?: number
}

const readable = `join log l on l.organization_id = i.organization_id and l.seq = i.seq and l.payload is not null
  join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq`

/** Who has something remembered that can be read; one more than asked for tells whether there is more. */
function remembered(ctx: Context, { workspace, since: from, after, limit: most, number }: People): Promise<Person[]> {
  return rowsOf<Person>(
    ctx.ledger.database,
    'people remembered',
    `select p.number, coalesce(p.wire_id, p.id) as id from item p
     where p.organization_id = $1 and p.workspace_id = $2 and p.kind = 'person' and coalesce(p.wire_id, p.id) collate "C" > $3
       and ($4::bigint is null or p.number = $4) and exists (
         select from item i ${readable}
         where i.organization_id = p.organization_id and i.workspace_id = p.workspace_id and i.kind = 'memory' and i.person = p.number
           and ($5::float8 is null or l.received_at >= to_timestamp($5)))
     order by coalesce(p.wire_id, p.id) collate "C" limit $6`,
    [ctx.ledger.organization.number, workspace, after, number ?? null, from, most + 1],
  )
}

interface EntryRow extends SealedRow {
  id: string
  person: number
  valid_at: number
}

/** The entries of all people of a page at once. */
async function answer(ctx: Context, people: readonly Person[], { since: from, hasMore }: { since: number | null; hasMore: boolean }) {
  const { database, organization } = ctx.ledger
  const rows =
    people.length === 0
      ? []
      : await rowsOf<EntryRow>(
          database,
          'memories',
          `select coalesce(i.wire_id, i.id) as id, i.person, extract(epoch from v.valid_from)::float8 as valid_at, ${sealedColumns}
           from item i join version v on v.organization_id = i.organization_id and v.item = i.number and v.seq = i.seq ${readable}
           where i.organization_id = $1 and i.kind = 'memory' and i.person = any($2::bigint[])
             and ($3::float8 is null or l.received_at >= to_timestamp($3)) order by i.number`,
          [organization.number, people.map(({ number }) => number), from],
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
