import type pg from 'pg'
import type { MessagePlace, Reach } from './purge-target.ts'

/** An entry whose content is gone, as the receipt names it. */
export interface Erased {
  readonly seq: number
  readonly kind: string
  readonly commitment: Buffer
}

/** Places of messages as the two columns that `unnest` takes. */
export const placesOf = (messages: readonly MessagePlace[]) => [
  messages.map(({ conversation }) => conversation),
  messages.map(({ firstSeq }) => firstSeq),
]

/** Every entry of the log that says something of these, in any version; of files those of their bytes as well. */
export async function entriesOf(tx: pg.ClientBase, organization: number, { items, messages }: Reach): Promise<number[]> {
  const { rows } = await tx.query<{ seq: number }>(
    `with place as (select * from unnest($3::bigint[], $4::bigint[]) as k (conversation, first_seq))
     select v.seq from version v where v.organization_id = $1 and v.item = any($2::bigint[])
     union select f.seq from file_bytes f where f.organization_id = $1 and f.item = any($2::bigint[])
     union select m.seq from place k join message m
       on m.organization_id = $1 and m.conversation = k.conversation and m.first_seq = k.first_seq where m.seq is not null
     union select v.seq from place k join message_version v
       on v.organization_id = $1 and v.conversation = k.conversation and v.first_seq = k.first_seq
     order by 1`,
    [organization, items, ...placesOf(messages)],
  )
  return rows.map(({ seq }) => seq)
}

/** Takes payload and salt; what is left of an entry is its place, its commitment and what may be counted. */
export async function eraseEntries(tx: pg.ClientBase, organization: number, seqs: readonly number[]): Promise<Erased[]> {
  const { rows } = await tx.query<Erased>(
    `update log set payload = null where organization_id = $1 and seq = any($2::bigint[]) and payload is not null
     returning seq, kind, commitment`,
    [organization, seqs],
  )
  await tx.query('delete from salts.log where organization_id = $1 and seq = any($2::bigint[])', [organization, seqs])
  return rows.sort((a, b) => a.seq - b.seq)
}

/** Takes the bytes of some files. With its last reference a blob loses its salt; its file goes after the commit. Returns how many. */
export async function releaseBytes(tx: pg.ClientBase, organization: number, files: readonly number[]): Promise<number> {
  const { rows } = await tx.query<{ address: string }>(
    'delete from file_bytes where organization_id = $1 and item = any($2::bigint[]) returning address',
    [organization, files],
  )
  if (rows.length === 0) return 0
  const { rows: released } = await tx.query<{ address: string }>(
    `delete from blob b where b.organization_id = $1 and b.address = any($2::text[])
       and not exists (select from file_bytes f where f.organization_id = $1 and f.address = b.address) returning address`,
    [organization, rows.map(({ address }) => address)],
  )
  const addresses = released.map(({ address }) => address)
  await tx.query('delete from salts.blob where organization_id = $1 and address = any($2::text[])', [organization, addresses])
  await tx.query('insert into released_blob (organization_id, address) select $1, unnest($2::text[]) on conflict do nothing', [
    organization,
    addresses,
  ])
  return addresses.length
}

interface LettersOf extends Reach {
  readonly workspace: number
  readonly at: string
}

/**
 * Takes what was once refused under the ids of what is erased, or as a part of a conversation that is, also what named no workspace and may have been
 * meant for this one; returns the numbers of these letters. Their places go too: they may be names of files. One that is being replayed is left to
 * its replay, which is told that it is not taken and closes it: waiting for it here would be waiting for each other.
 */
export async function eraseLetters(
  tx: pg.ClientBase,
  organization: number,
  { items, messages, workspace, at }: LettersOf,
): Promise<number[]> {
  const { rows } = await tx.query<{ number: number }>(
    `with named as (
       select i.id, i.kind from item i where i.organization_id = $1 and i.number = any($3::bigint[])
       union select m.id, 'message' from unnest($4::bigint[], $5::bigint[]) as k (conversation, first_seq)
         join message m on m.organization_id = $1 and m.conversation = k.conversation and m.first_seq = k.first_seq),
     refused as (
       select d.number from named n join dead_letter d
         on d.organization_id = $1 and (d.workspace_id = $2 or d.workspace_id is null) and d.record_id = n.id and d.payload is not null
       union select d.number from named n join dead_letter d
         on d.organization_id = $1 and (d.workspace_id = $2 or d.workspace_id is null) and d.conversation_id = n.id and d.payload is not null where n.kind = 'conversation'),
     letter as (
       select d.number from refused r join dead_letter d on d.organization_id = $1 and d.number = r.number for update of d skip locked)
     update dead_letter d set payload = null, place = '', replayed_at = coalesce(d.replayed_at, $6)
     from letter l where d.organization_id = $1 and d.number = l.number returning d.number`,
    [organization, workspace, items, ...placesOf(messages), at],
  )
  const numbers = rows.map(({ number }) => number).sort((a, b) => a - b)
  await tx.query('delete from salts.dead_letter where organization_id = $1 and number = any($2::bigint[])', [organization, numbers])
  return numbers
}
