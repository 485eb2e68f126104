import type pg from 'pg'
import { transpose } from './columns.ts'
import type { Ref } from './identity.ts'
import type { Stored } from './stored.ts'
import { microseconds } from './times.ts'

interface Touched {
  workspace: number
  position: number
  /** Said by the conversation's own record. */
  person: Ref | null
  /** Who wrote in it, be it in a version that was out of date when it came: good enough until its record arrives. */
  writer: Ref | null
  createdAt: string | null
  first: string | null
  last: string | null
}

/** Kinds whose arrival changes what a reader of the conversation sees, besides its own record and its messages. */
const alsoShown = new Set(['file', 'share', 'deletion'])

/**
 * A conversation moves to the end of the "last update" order with every new, changed or deleted message and every change of its
 * own; `last_active_at` moves with messages only. One that was erased is there again
 * with the first message that was not known before, without what it was.
 */
export class Conversations {
  readonly #touched = new Map<Ref, Touched>()
  readonly #recount = new Set<Ref>()
  /** A message came that was not known. */
  readonly #spoken = new Set<Ref>()

  touch(one: Stored): void {
    const { candidate, conversation } = one
    if (!conversation || !(candidate.kind === 'conversation' || candidate.kind === 'message' || alsoShown.has(candidate.kind))) return
    const touched = this.#touched.get(conversation) ?? blank(candidate.workspace)
    this.#touched.set(conversation, touched)
    touched.position = one.seq
    if (candidate.kind === 'message' && one.verdict === 'new') this.#spoken.add(conversation)
    if (candidate.kind === 'message') touched.writer ??= one.person
    if (one.verdict === 'older') return
    const created = typeof candidate.fields.created_at === 'string' ? candidate.fields.created_at : null
    if (candidate.kind === 'conversation') {
      touched.person = one.person
      touched.createdAt = created ?? touched.createdAt
    }
    if (candidate.kind !== 'message') return
    touched.first = pick(touched.first, created, -1)
    touched.last = pick(touched.last, created, 1)
    // A changed message may have moved in time: its old time must not stay as the first or the last.
    if (one.verdict === 'newer') this.#recount.add(conversation)
  }

  async write(client: pg.ClientBase, organization: number, committedAt: string): Promise<void> {
    if (this.#touched.size === 0) return
    const rows = [...this.#touched].map(([ref, t]) => [
      ref.number,
      t.workspace,
      t.position,
      t.person?.number ?? null,
      t.writer?.number ?? null,
      t.createdAt,
      t.first,
      t.last,
    ])
    await client.query({
      name: 'write conversations',
      text: `insert into conversation as c (organization_id, number, workspace_id, position, changed_at, person, created_at, first_message_at, last_active_at)
        select $1, number, workspace_id, position, $2, coalesce(said, writer), created_at, first_at, last_at
        from unnest($3::bigint[], $4::integer[], $5::bigint[], $6::bigint[], $7::bigint[], $8::timestamptz[], $9::timestamptz[], $10::timestamptz[])
          as t (number, workspace_id, position, said, writer, created_at, first_at, last_at)
        on conflict (organization_id, number) do update set
          position = excluded.position, changed_at = excluded.changed_at, created_at = coalesce(excluded.created_at, c.created_at),
          first_message_at = least(c.first_message_at, excluded.first_message_at), last_active_at = greatest(c.last_active_at, excluded.last_active_at),
          purged_at = case when excluded.number = any($12::bigint[]) then null else c.purged_at end,
          person = case when excluded.number = any($11::bigint[]) then excluded.person else coalesce(c.person, excluded.person) end`,
      values: [organization, committedAt, ...transpose(rows, 8), this.#said(), [...this.#spoken].map(({ number }) => number)],
    })
    if (this.#recount.size > 0)
      await recount(
        client,
        organization,
        [...this.#recount].map(({ number }) => number),
      )
  }

  #said(): number[] {
    return [...this.#touched].filter(([, touched]) => touched.person !== null).map(([ref]) => ref.number)
  }
}

function blank(workspace: number): Touched {
  return { workspace, position: 0, person: null, writer: null, createdAt: null, first: null, last: null }
}

function pick(known: string | null, time: string | null, sign: 1 | -1): string | null {
  if (known === null || time === null) return known ?? time
  return sign * (microseconds(time) - microseconds(known)) > 0 ? time : known
}

/** Reads all messages of the few conversations whose messages changed. */
async function recount(client: pg.ClientBase, organization: number, conversations: number[]): Promise<void> {
  await client.query(
    `update conversation c set first_message_at = m.first_at, last_active_at = m.last_at
     from (select conversation, min(created_at) as first_at, max(created_at) as last_at from message
           where organization_id = $1 and conversation = any($2::bigint[]) and seq is not null group by conversation) m
     where c.organization_id = $1 and c.number = m.conversation`,
    [organization, conversations],
  )
}
