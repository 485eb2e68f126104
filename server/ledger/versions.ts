import type pg from 'pg'
import { timeOf } from './candidate.ts'
import { transpose } from './columns.ts'
import type { Stored } from './stored.ts'

/** Keeps every version for whatever is asked "as of" a day: when it began to hold, and where in the log it stands. */
export async function writeVersions(
  client: pg.ClientBase,
  organization: number,
  committedAt: string,
  stored: readonly Stored[],
): Promise<void> {
  await writeItemVersions(client, organization, committedAt, stored)
  await writeMessageVersions(client, organization, stored)
  await writePersonVersions(client, organization, committedAt, stored)
  await writeGroupMembers(client, organization, stored)
}

const text = (value: unknown) => (typeof value === 'string' ? value : null)

/** A version holds from the time its source says it changed, else from its creation, else from its arrival. */
function validFrom({ candidate, verdict }: Stored, committedAt: string): string {
  const { kind, fields } = candidate
  return text(fields.updated_at) ?? (verdict === 'new' ? timeOf(kind, fields, 'created_at') : null) ?? committedAt
}

async function writeItemVersions(
  client: pg.ClientBase,
  organization: number,
  committedAt: string,
  stored: readonly Stored[],
): Promise<void> {
  const rows = stored.flatMap((one) =>
    one.item
      ? [[one.item.number, one.seq, validFrom(one, committedAt), text(one.candidate.fields.updated_at), one.candidate.fingerprint]]
      : [],
  )
  if (rows.length === 0) return
  await client.query({
    name: 'versions',
    text: `insert into version (organization_id, item, seq, valid_from, updated_at, fingerprint)
           select $1, * from unnest($2::bigint[], $3::bigint[], $4::timestamptz[], $5::timestamptz[], $6::bytea[])`,
    values: [organization, ...transpose(rows, 5)],
  })
}

/** Only of messages with more than one: the one before comes along when the second arrives. */
async function writeMessageVersions(client: pg.ClientBase, organization: number, stored: readonly Stored[]): Promise<void> {
  const changed = new Set(stored.flatMap(({ message, verdict }) => (message && verdict !== 'new' ? [message] : [])))
  const rows = [...changed].flatMap((message) => {
    const versions = message.current ? [...message.history, message.current] : message.history
    return versions.map(({ seq, updatedAt, fingerprint }) => [message.conversation.number, message.firstSeq, seq, updatedAt, fingerprint])
  })
  if (rows.length === 0) return
  await client.query(
    `insert into message_version (organization_id, conversation, first_seq, seq, updated_at, fingerprint)
     select $1, conversation, first_seq, seq, timestamptz 'epoch' + updated_at * interval '1 microsecond', fingerprint
     from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bytea[]) as t (conversation, first_seq, seq, updated_at, fingerprint)
     on conflict do nothing`,
    [organization, ...transpose(rows, 5)],
  )
}

async function writePersonVersions(
  client: pg.ClientBase,
  organization: number,
  committedAt: string,
  stored: readonly Stored[],
): Promise<void> {
  const people = stored.filter(({ candidate }) => candidate.kind === 'person')
  if (people.length === 0) return
  const rows = people.map((one) => {
    const { role, status, seat } = one.candidate.fields
    return [one.item?.number, one.seq, validFrom(one, committedAt), text(role), text(status), typeof seat === 'boolean' ? seat : null]
  })
  await client.query(
    `insert into person_version (organization_id, person, seq, valid_from, role, status, seat)
     select $1, * from unnest($2::bigint[], $3::bigint[], $4::timestamptz[], $5::text[], $6::text[], $7::boolean[])`,
    [organization, ...transpose(rows, 6)],
  )
}

async function writeGroupMembers(client: pg.ClientBase, organization: number, stored: readonly Stored[]): Promise<void> {
  const rows = stored.flatMap((one) => [...new Set(one.members)].map((member) => [one.item?.number, one.seq, member.number]))
  if (rows.length === 0) return
  await client.query(
    `insert into group_member (organization_id, group_item, seq, person)
     select $1, * from unnest($2::bigint[], $3::bigint[], $4::bigint[])`,
    [organization, ...transpose(rows, 3)],
  )
}
