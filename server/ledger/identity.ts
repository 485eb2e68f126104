import { createHash } from 'node:crypto'
import type pg from 'pg'
import type { Version } from './decide.ts'

/** An item's number, which is 0 until the transaction has taken one for it. */
export interface Ref {
  number: number
}

export interface Identity {
  readonly workspace: number
  readonly kind: string
  readonly source: string
  readonly id: string
}

/** What a transaction knows of an item that is not a message. */
export interface ItemState extends Ref, Identity {
  isNew: boolean
  current: Version | null
  history: Version[]
  deletedAt: string | null
  wireId: string | null
  /** It was erased: nothing of it is taken again. */
  purged: boolean
}

export const keyOf = ({ workspace, kind, source, id }: Identity): string => `${workspace}\0${kind}\0${source}\0${id}`

/**
 * Numbers of items that are committed, by identity. They never change, so a hit saves the look-up; what is not here is looked up.
 * Bounded: the oldest half goes when it is full.
 */
export class KnownNumbers {
  readonly #numbers = new Map<string, number>()
  readonly #most: number

  constructor(most = 200_000) {
    this.#most = most
  }

  get(key: string): number | undefined {
    return this.#numbers.get(key)
  }

  learn(key: string, number: number): void {
    this.#numbers.set(key, number)
    if (this.#numbers.size <= this.#most) return
    let surplus = this.#most / 2
    for (const oldest of this.#numbers.keys()) {
      this.#numbers.delete(oldest)
      if (--surplus <= 0) break
    }
  }
}

interface ItemRow {
  workspace_id: number
  kind: string
  source: string
  id: string
  number: number
  seq: number | null
  fingerprint: Buffer | null
  updated_at: number | null
  deleted_at: string | null
  wire_id: string | null
  purged: boolean
}

/** Current state of the identities, whoever wrote them; those that are not there yet become new items without a number. */
export async function lookUpItems(
  client: pg.ClientBase,
  organization: number,
  identities: Iterable<Identity>,
): Promise<Map<string, ItemState>> {
  const wanted = new Map<string, Identity>()
  for (const identity of identities) wanted.set(keyOf(identity), identity)
  const states = new Map<string, ItemState>()
  if (wanted.size === 0) return states
  const list = [...wanted.values()]
  // Matching without the source shows who else uses the same id in the workspace. One index look-up per identity.
  const { rows } = await client.query<ItemRow>({
    name: 'items',
    text: `select i.workspace_id, i.kind, i.source, i.id, i.number, i.seq, i.fingerprint, i.deleted_at, i.wire_id, i.purged_at is not null as purged,
             (extract(epoch from i.updated_at) * 1000000)::bigint as updated_at
           from unnest($2::integer[], $3::text[], $4::text[]) as k (workspace_id, kind, id)
           join item i on i.organization_id = $1 and i.workspace_id = k.workspace_id and i.kind = k.kind and i.id = k.id`,
    values: [organization, list.map((i) => i.workspace), list.map((i) => i.kind), list.map((i) => i.id)],
  })
  const taken = new Set<string>()
  for (const row of rows) {
    const identity = { workspace: row.workspace_id, kind: row.kind, source: row.source, id: row.id }
    taken.add(nameOf(identity))
    if (wanted.has(keyOf(identity))) states.set(keyOf(identity), known(identity, row))
  }
  for (const [key, identity] of wanted) {
    if (states.has(key)) continue
    states.set(key, fresh(identity, taken.has(nameOf(identity))))
    taken.add(nameOf(identity))
  }
  return states
}

const nameOf = ({ workspace, kind, id }: Identity) => `${workspace}\0${kind}\0${id}`

function known(identity: Identity, row: ItemRow): ItemState {
  const current = row.seq !== null && row.fingerprint ? { seq: row.seq, updatedAt: row.updated_at, fingerprint: row.fingerprint } : null
  const { number, deleted_at: deletedAt, wire_id: wireId, purged } = row
  return { ...identity, number, isNew: false, current, history: [], deletedAt, wireId, purged }
}

function fresh(identity: Identity, idTaken: boolean): ItemState {
  const wireId = idTaken || !wellFormed(identity.kind, identity.id) ? derivedId(identity) : null
  return { ...identity, number: 0, isNew: true, current: null, history: [], deletedAt: null, wireId, purged: false }
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Whether the source's own id can be used where connectors expect a provider's. Kinds without a rule are used as they are. */
function wellFormed(kind: string, id: string): boolean {
  if (kind === 'conversation') return isUuid(id)
  return kind === 'person' ? /^user-[A-Za-z0-9_-]{1,120}$/.test(id) : true
}

export const isUuid = (id: string) => uuid.test(id)

/** A stable id in the provider's form, made of the identity: the same wherever the same record is brought in. */
function derivedId(identity: Identity): string {
  const digest = createHash('sha256').update('daybook/wire/v1\0').update(keyOf(identity)).digest()
  if (identity.kind === 'person') return `user-${digest.toString('base64url').replace(/[-_]/g, '0').slice(0, 24)}`
  return uuidFrom(digest)
}

/** A version 8 UUID (RFC 9562: the bits are ours to choose) from the first bytes of a digest. */
export function uuidFrom(digest: Buffer): string {
  const bytes = Buffer.from(digest.subarray(0, 16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** The id a message has on a provider's surface: its own when that is a UUID nobody else has, else one made of its whole identity. */
export function messageWireId(conversation: number, id: string, repeated: boolean): string {
  if (!repeated && isUuid(id)) return id
  return uuidFrom(createHash('sha256').update(`daybook/wire/v1\0message\0${conversation}\0${id}`).digest())
}
