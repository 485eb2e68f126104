import type pg from 'pg'
import { timeOf } from './candidate.ts'
import { transpose } from './columns.ts'
import type { ItemState, Ref } from './identity.ts'
import type { Stored } from './stored.ts'

interface VersionRow {
  item: number
  seq: number
  updated_at: number | null
  fingerprint: Buffer
}

/** Fills in the versions before the current one, for the few items that a batch says something older about. */
export async function loadItemHistory(client: pg.ClientBase, organization: number, states: readonly ItemState[]): Promise<void> {
  const byNumber = new Map(states.map((state) => [state.number, state]))
  const { rows } = await client.query<VersionRow>(
    `select item, seq, (extract(epoch from updated_at) * 1000000)::bigint as updated_at, fingerprint
     from version where organization_id = $1 and item = any($2::bigint[]) and fingerprint is not null`,
    [organization, [...byNumber.keys()]],
  )
  for (const row of rows) {
    const state = byNumber.get(row.item)
    if (state && row.seq !== state.current?.seq)
      state.history.push({ seq: row.seq, updatedAt: row.updated_at, fingerprint: row.fingerprint })
  }
}

/** What a batch says of an item: the versions that became current one after the other. */
function newestOf(stored: readonly Stored[]): Map<ItemState, Stored[]> {
  const byItem = new Map<ItemState, Stored[]>()
  for (const one of stored) {
    if (!one.item || one.verdict === 'older') continue
    const versions = byItem.get(one.item)
    if (versions) versions.push(one)
    else byItem.set(one.item, [one])
  }
  return byItem
}

/** Writes new and changed items; an item that was only referred to gets its row without a version. */
export async function writeItems(
  client: pg.ClientBase,
  organization: number,
  states: readonly ItemState[],
  stored: readonly Stored[],
): Promise<void> {
  const byItem = newestOf(stored)
  const rows = states
    .filter((state) => state.isNew || byItem.has(state) || state.deletedAt !== null)
    .map((state) => row(state, byItem.get(state) ?? []))
  if (rows.length > 0) await write(client, organization, rows)
  await fillIn(client, organization, stored)
}

async function write(client: pg.ClientBase, organization: number, rows: readonly unknown[][]): Promise<void> {
  await client.query({
    name: 'write items',
    text: `insert into item (organization_id, number, workspace_id, kind, source, id, wire_id, seq, fingerprint, updated_at, created_at, deleted_at, person, conversation)
      select $1, * from unnest($2::bigint[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::bytea[],
        $10::timestamptz[], $11::timestamptz[], $12::timestamptz[], $13::bigint[], $14::bigint[])
      on conflict (organization_id, number) do update set
        seq = coalesce(excluded.seq, item.seq), fingerprint = coalesce(excluded.fingerprint, item.fingerprint),
        updated_at = case when excluded.seq is null then item.updated_at else excluded.updated_at end,
        created_at = coalesce(excluded.created_at, item.created_at), deleted_at = coalesce(excluded.deleted_at, item.deleted_at),
        person = coalesce(excluded.person, item.person), conversation = coalesce(excluded.conversation, item.conversation)`,
    values: [organization, ...transpose(rows, 13)],
  })
}

/**
 * Whose an item is and where it belongs, where only a version says so that was out of date when it came: what deletes a conversation must find
 * what is in it. The first one to say so is believed.
 */
async function fillIn(client: pg.ClientBase, organization: number, stored: readonly Stored[]): Promise<void> {
  const outdated = Map.groupBy(
    stored.filter(({ item, verdict }) => item && verdict === 'older'),
    ({ item }) => item,
  )
  const rows = [...outdated].flatMap(([item, versions]) =>
    item ? [[item.number, ...whereabouts(item, versions, (said) => said.find((value) => value !== null))]] : [],
  )
  if (rows.length === 0) return
  await client.query(
    `update item i set created_at = coalesce(i.created_at, t.created_at), person = coalesce(i.person, t.person),
       conversation = coalesce(i.conversation, t.conversation)
     from unnest($2::bigint[], $3::timestamptz[], $4::bigint[], $5::bigint[]) as t (number, created_at, person, conversation)
     where i.organization_id = $1 and i.number = t.number`,
    [organization, ...transpose(rows, 4)],
  )
}

type Pick = (said: unknown[]) => unknown

/** When it was created, whose it is and where it belongs; of several versions the one that is picked says so. */
function whereabouts(item: ItemState, versions: readonly Stored[], pick: Pick): unknown[] {
  const other = (ref: Ref | null) => (ref && ref !== item ? ref.number : null)
  const said = [
    versions.map(({ candidate: { kind, fields } }) => timeOf(kind, fields, 'created_at')),
    versions.map(({ person }) => other(person)),
    versions.map(({ conversation }) => other(conversation)),
  ]
  return said.map((values) => pick(values) ?? null)
}

/** What its newest version leaves out, an earlier one has said, be it in the same batch or before. */
function row(state: ItemState, versions: readonly Stored[]): unknown[] {
  const newest = versions.at(-1)
  const time = (field: string) => (newest ? timeOf(newest.candidate.kind, newest.candidate.fields, field) : null)
  const [createdAt, person, conversation] = whereabouts(state, versions, (said) => said.findLast((value) => value !== null))
  return [
    state.number,
    state.workspace,
    state.kind,
    state.source,
    state.id,
    state.wireId,
    newest?.seq ?? null,
    newest?.candidate.fingerprint ?? null,
    time('updated_at'),
    createdAt,
    state.deletedAt,
    person,
    conversation,
  ]
}
