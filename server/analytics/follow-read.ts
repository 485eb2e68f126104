import type pg from 'pg'
import type { ConversationRemains, DeletionRemains, MessageRemains } from '../ledger/remains.ts'
import type { ConversationHistory, ConversationVersion, MessageHistory, MessageVersion } from './conversation-facts-history.ts'

/** Conversations of which something was said between two entries of the log, both included, in the order of their numbers. */
export async function touchedConversations(pool: pg.Pool, organization: number, from: number, to: number): Promise<number[]> {
  const { rows } = await pool.query<{ conversation: number }>({
    name: 'facts touched',
    text: `select distinct conversation from log
           where organization_id = $1 and seq between $2 and $3 and kind in ('message', 'conversation', 'deletion') and conversation is not null
           order by conversation`,
    values: [organization, from, to],
  })
  return rows.map(({ conversation }) => conversation)
}

interface Row {
  conversation: number
  seq: number
  workspace_id: number
  person: number | null
  gpt: number | null
  project: number | null
  remains: string | null
  /** Seconds. */
  at: number | null
}

interface MessageRow extends Row {
  first_seq: number
  id: string
  source: string
  updated_at: number | null
}

interface ConversationRow extends Row {
  updated_at: number | null
}

const columns = `l.seq, l.workspace_id, l.person, l.gpt, l.project, l.remains, date_part('epoch', l.occurred_at) as at`

/**
 * Everything the log says about some conversations up to one entry, whatever was said since: two of these, made at different times, are
 * equal. One index look-up per version: `offset 0` keeps the planner from beginning at the other end.
 */
export async function readHistories(
  pool: pg.Pool,
  organization: number,
  conversations: readonly number[],
  to: number,
): Promise<ConversationHistory[]> {
  const values = [organization, conversations, to]
  const others = Promise.all([conversationRows(pool, values), deletionRows(pool, values)])
  others.catch(() => undefined)
  // The newest version of each message. Where that came after `to`, the ones before it are among those with several versions: these are
  // asked for afterwards, or else a version that came between the two questions would hide the one before it from both.
  const messages = await messageRows(pool, values)
  const changed = await versionRows(pool, values)
  const [records, deletions] = await others
  const drafts = new Drafts(organization)
  for (const row of changed) drafts.message(row)
  for (const row of messages) drafts.message(row)
  for (const row of records) drafts.conversation(row)
  for (const row of deletions) drafts.deletion(row)
  return drafts.histories(conversations)
}

async function rowsOf<R extends object>(pool: pg.Pool, name: string, text: string, values: readonly unknown[]): Promise<R[]> {
  return (await pool.query<R>({ name: `facts ${name}`, text, values: [...values] })).rows
}

const messageRows = (pool: pg.Pool, values: readonly unknown[]) =>
  rowsOf<MessageRow>(
    pool,
    'messages',
    `select m.conversation, m.first_seq, l.id, l.source, null as updated_at, ${columns}
     from unnest($2::bigint[]) as k (conversation)
     cross join lateral (select * from message where organization_id = $1 and conversation = k.conversation and seq <= $3 offset 0) m
     join log l on l.organization_id = $1 and l.seq = m.seq`,
    values,
  )

const versionRows = (pool: pg.Pool, values: readonly unknown[]) =>
  rowsOf<MessageRow>(
    pool,
    'message versions',
    `select v.conversation, v.first_seq, l.id, l.source, date_part('epoch', v.updated_at) as updated_at, ${columns}
     from unnest($2::bigint[]) as k (conversation)
     cross join lateral (select * from message_version where organization_id = $1 and conversation = k.conversation and seq <= $3 offset 0) v
     join log l on l.organization_id = $1 and l.seq = v.seq`,
    values,
  )

const conversationRows = (pool: pg.Pool, values: readonly unknown[]) =>
  rowsOf<ConversationRow>(
    pool,
    'conversations',
    `select v.item as conversation, date_part('epoch', v.updated_at) as updated_at, ${columns}
     from unnest($2::bigint[]) as k (conversation)
     cross join lateral (select * from version where organization_id = $1 and item = k.conversation and seq <= $3 offset 0) v
     join log l on l.organization_id = $1 and l.seq = v.seq`,
    values,
  )

const deletionRows = (pool: pg.Pool, values: readonly unknown[]) =>
  rowsOf<Row>(
    pool,
    'deletions',
    `select l.conversation, ${columns}
     from unnest($2::bigint[]) as k (conversation)
     cross join lateral (
       select * from log where organization_id = $1 and conversation = k.conversation and kind = 'deletion' and seq <= $3 offset 0) l`,
    values,
  )

interface Draft {
  workspace: number
  readonly versions: ConversationVersion[]
  readonly messages: Map<number, MessageHistory & { versions: MessageVersion[] }>
  readonly deletions: { seq: number; message: string | null }[]
}

/** Puts rows together to histories. */
export class Drafts {
  readonly #organization: number
  readonly #drafts = new Map<number, Draft>()

  constructor(organization: number) {
    this.#organization = organization
  }

  message(row: MessageRow): void {
    const { messages } = this.#draft(row)
    const { id, source, seq } = row
    const known = messages.get(row.first_seq)
    if (known?.versions.some((version) => version.seq === seq)) return
    const remains = parsed<MessageRemains>(row.remains)
    const version: MessageVersion = {
      seq,
      updatedAt: micro(row.updated_at),
      person: row.person ?? 0,
      gpt: row.gpt ?? 0,
      project: row.project ?? 0,
      at: remains.untimed ? null : micro(row.at),
      remains,
    }
    if (known) known.versions.push(version)
    else messages.set(row.first_seq, { id, source, firstSeq: row.first_seq, versions: [version] })
  }

  conversation(row: ConversationRow): void {
    const { seq, person, gpt, project, remains } = row
    this.#draft(row).versions.push({
      seq,
      updatedAt: micro(row.updated_at),
      person: person ?? 0,
      gpt: gpt ?? 0,
      project: project ?? 0,
      remains: parsed<ConversationRemains>(remains),
    })
  }

  deletion(row: Row): void {
    const { kind, id } = parsed<DeletionRemains>(row.remains)
    if (kind === 'message' || kind === 'conversation')
      this.#draft(row).deletions.push({ seq: row.seq, message: kind === 'message' ? id : null })
  }

  /** In the order asked for, each with its parts in the order of the log. */
  histories(conversations: readonly number[]): ConversationHistory[] {
    return conversations.flatMap((number) => {
      const draft = this.#drafts.get(number)
      if (!draft) return []
      const messages = [...draft.messages.values()].sort((a, b) => a.firstSeq - b.firstSeq)
      for (const { versions } of messages) if (versions.length > 1) versions.sort(bySeq)
      const versions = draft.versions.sort(bySeq)
      return [{ organization: this.#organization, workspace: draft.workspace, number, versions, messages, deletions: draft.deletions }]
    })
  }

  #draft({ conversation, workspace_id }: Row): Draft {
    let draft = this.#drafts.get(conversation)
    if (!draft) {
      draft = { workspace: workspace_id, versions: [], messages: new Map(), deletions: [] }
      this.#drafts.set(conversation, draft)
    }
    return draft
  }
}

const bySeq = (a: { seq: number }, b: { seq: number }) => a.seq - b.seq

const micro = (seconds: number | null) => (seconds === null ? null : Math.round(seconds * 1e6))

/** The ledger wrote it from a record it had checked; what is missing in older entries is missing here. */
function parsed<Remains>(remains: string | null): Remains {
  return JSON.parse(remains ?? '{}')
}
