import type pg from 'pg'
import type { Candidate } from './candidate.ts'
import { transpose } from './columns.ts'
import type { Identity, Ref } from './identity.ts'
import type { DeletionTarget } from './references.ts'
import type { MessageState, Stored } from './stored.ts'
import { earliest } from './times.ts'

export interface MessageStates {
  of(candidate: Candidate): MessageState
  delete(target: DeletionTarget, by: Stored): void
  all(): Iterable<MessageState>
}

interface MessageRow {
  workspace_id: number
  id: string
  conversation: number
  first_seq: number
  seq: number | null
  fingerprint: Buffer | null
  updated_at: number | null
  deleted_at: string | null
  repeated_id: boolean
  purged: boolean
}

interface Wanted {
  workspace: number
  id: string
  conversation: Identity
}

const conversationOf = ({ workspace, source }: Identity, id: unknown): Identity => ({
  workspace,
  source,
  kind: 'conversation',
  id: String(id),
})

/** Every message a batch brings or deletes, with whether its id was used in another conversation of the workspace before. */
export async function lookUpMessages(
  client: pg.ClientBase,
  organization: number,
  candidates: readonly Candidate[],
  ref: (identity: Identity) => Ref,
): Promise<MessageStates> {
  const wanted = candidates.flatMap(messageOf)
  const rows = wanted.length === 0 ? [] : await select(client, organization, wanted)
  const byId = new Map<string, MessageRow[]>()
  for (const row of rows) {
    const name = `${row.workspace_id}\0${row.id}`
    const same = byId.get(name)
    if (same) same.push(row)
    else byId.set(name, [row])
  }
  const states = new Map<string, Map<Ref, MessageState>>()
  for (const { workspace, id, conversation } of wanted) {
    const name = `${workspace}\0${id}`
    const inConversations = states.get(name) ?? new Map<Ref, MessageState>()
    states.set(name, inConversations)
    const its = ref(conversation)
    if (inConversations.has(its)) continue
    const same = byId.get(name) ?? []
    const row = its.number === 0 ? undefined : same.find((one) => one.conversation === its.number)
    inConversations.set(its, row ? known(row, its) : fresh(workspace, id, its, same.length > 0 || inConversations.size > 0))
  }
  const find = (workspace: number, id: string, conversation: Identity) => {
    const state = states.get(`${workspace}\0${id}`)?.get(ref(conversation))
    if (!state) throw new Error('a message was not looked up')
    return state
  }
  return {
    of: (candidate) => find(candidate.workspace, candidate.id, conversationOf(candidate, candidate.fields.conversation_id)),
    delete(target, by) {
      const state = find(target.workspace, target.id, conversationOf(target, target.conversationId))
      state.deletedAt = earliest(state.deletedAt, by.candidate.occurredAt)
      state.firstSeq ||= by.seq
      state.changed = true
    },
    *all() {
      for (const inConversations of states.values()) yield* inConversations.values()
    },
  }
}

function messageOf(candidate: Candidate): Wanted[] {
  const { workspace, id, fields } = candidate
  if (candidate.kind === 'message') return [{ workspace, id, conversation: conversationOf(candidate, fields.conversation_id) }]
  if (candidate.kind !== 'deletion') return []
  const of = fields.of as { kind: string; id: string; conversation_id?: string } // checked by the record's shape
  return of.kind === 'message' ? [{ workspace, id: of.id, conversation: conversationOf(candidate, of.conversation_id) }] : []
}

/** One index look-up per message. */
async function select(client: pg.ClientBase, organization: number, wanted: readonly Wanted[]): Promise<MessageRow[]> {
  const { rows } = await client.query<MessageRow>({
    name: 'messages',
    text: `select m.workspace_id, m.id, m.conversation, m.first_seq, m.seq, m.fingerprint, m.deleted_at, m.repeated_id, m.purged_at is not null as purged,
             (extract(epoch from m.updated_at) * 1000000)::bigint as updated_at
           from unnest($2::integer[], $3::text[]) as k (workspace_id, id)
           join message m on m.organization_id = $1 and m.workspace_id = k.workspace_id and m.id = k.id`,
    values: [organization, wanted.map(({ workspace }) => workspace), wanted.map(({ id }) => id)],
  })
  return rows
}

function known(row: MessageRow, conversation: Ref): MessageState {
  const current = row.seq !== null && row.fingerprint ? { seq: row.seq, updatedAt: row.updated_at, fingerprint: row.fingerprint } : null
  return {
    workspace: row.workspace_id,
    id: row.id,
    conversation,
    firstSeq: row.first_seq,
    current,
    history: [],
    deletedAt: row.deleted_at,
    repeatedId: row.repeated_id,
    purged: row.purged,
    changed: false,
  }
}

function fresh(workspace: number, id: string, conversation: Ref, repeatedId: boolean): MessageState {
  return {
    workspace,
    id,
    conversation,
    firstSeq: 0,
    current: null,
    history: [],
    deletedAt: null,
    repeatedId,
    purged: false,
    changed: false,
  }
}

export async function loadMessageHistory(client: pg.ClientBase, organization: number, states: readonly MessageState[]): Promise<void> {
  const byPlace = new Map(states.map((state) => [`${state.conversation.number}/${state.firstSeq}`, state]))
  const { rows } = await client.query<{
    conversation: number
    first_seq: number
    seq: number
    updated_at: number | null
    fingerprint: Buffer
  }>(
    `select v.conversation, v.first_seq, v.seq, (extract(epoch from v.updated_at) * 1000000)::bigint as updated_at, v.fingerprint
     from unnest($2::bigint[], $3::bigint[]) as k (conversation, first_seq)
     join message_version v on v.organization_id = $1 and v.conversation = k.conversation and v.first_seq = k.first_seq
     where v.fingerprint is not null`,
    [organization, states.map((state) => state.conversation.number), states.map((state) => state.firstSeq)],
  )
  for (const row of rows) {
    const state = byPlace.get(`${row.conversation}/${row.first_seq}`)
    if (state && row.seq !== state.current?.seq)
      state.history.push({ seq: row.seq, updatedAt: row.updated_at, fingerprint: row.fingerprint })
  }
}

/** New messages and new versions in one statement; `first_seq` tells them apart. */
export async function writeMessages(
  client: pg.ClientBase,
  organization: number,
  messages: MessageStates,
  stored: readonly Stored[],
): Promise<void> {
  const newest = new Map<MessageState, Stored>()
  for (const one of stored) {
    if (!one.message) continue
    if (one.verdict !== 'older') newest.set(one.message, one)
  }
  const rows = [...newest].map(([state, one]) => row(state, one))
  for (const state of messages.all()) if (state.changed && !newest.has(state)) rows.push(row(state, null))
  if (rows.length === 0) return
  const fingerprints = Buffer.concat([...newest.values()].map(({ candidate }) => candidate.fingerprint))
  await client.query({
    name: 'write messages',
    text: `insert into message (organization_id, conversation, first_seq, seq, workspace_id, id, updated_at, created_at, deleted_at, person, repeated_id, fingerprint)
      select $1, conversation, first_seq, seq, workspace_id, id, updated_at, created_at, deleted_at, person, repeated_id,
        case when seq is not null then substring($2::bytea from (16 * (n - 1) + 1)::integer for 16) end
      from unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::integer[], $7::text[], $8::timestamptz[], $9::timestamptz[], $10::timestamptz[], $11::bigint[], $12::boolean[])
        with ordinality as t (conversation, first_seq, seq, workspace_id, id, updated_at, created_at, deleted_at, person, repeated_id, n)
      on conflict (organization_id, conversation, first_seq) do update set
        seq = coalesce(excluded.seq, message.seq), fingerprint = coalesce(excluded.fingerprint, message.fingerprint),
        updated_at = case when excluded.seq is null then message.updated_at else excluded.updated_at end,
        created_at = case when excluded.seq is null then message.created_at else excluded.created_at end,
        person = case when excluded.seq is null then message.person else excluded.person end,
        deleted_at = coalesce(excluded.deleted_at, message.deleted_at)`,
    values: [organization, fingerprints, ...transpose(rows, 10)],
  })
}

function row(state: MessageState, newest: Stored | null): unknown[] {
  const fields = newest?.candidate.fields ?? {}
  const time = (name: string) => (typeof fields[name] === 'string' ? fields[name] : null)
  return [
    state.conversation.number,
    state.firstSeq,
    newest?.seq ?? null,
    state.workspace,
    state.id,
    time('updated_at'),
    time('created_at'),
    state.deletedAt,
    newest?.person?.number ?? null,
    state.repeatedId,
  ]
}
