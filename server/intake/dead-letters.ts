import type pg from 'pg'
import { takeTurn } from '../ledger/append.ts'
import type { Ledger } from '../ledger/context.ts'
import { open, seal } from '../ledger/entry.ts'
import { SourceTally } from '../ledger/source-tally.ts'
import { transaction } from '../ledger/writer.ts'
import { conversationNamedIn } from './named-in.ts'

/** Something that was sent and not taken, kept with its reason until it is replayed. */
export interface Letter {
  /** Number of the workspace it was meant for; null: it named none that could be told. */
  readonly workspace: number | null
  /** `http` or the importer it came by. */
  readonly via: string
  /** The source that it named, else that of what brought it. */
  readonly source: string
  /** Where it stood in what was sent. */
  readonly place: string
  readonly recordId: string | null
  readonly code: string
  /** Never holds content. */
  readonly message: string
  /** What was refused, as it was sent; null when it was too large to be kept or is not there any more. */
  readonly bytes: Buffer | null
}

/** Ends the `via` of what is a piece of a source and no record of ours: replaying cannot help it, only a new import. */
export const rawPiece = ':raw'

/** One statement holds the sealed bytes of up to this much. */
const bytesPerInsert = 16 * 1_048_576

/** Keeps what was refused, encrypted under a key of its own. Returns the numbers by which the letters can be replayed, in their order. */
export async function bury(ledger: Ledger, letters: readonly Letter[]): Promise<number[]> {
  const numbers: number[] = []
  for (const group of grouped(letters)) numbers.push(...(await transaction(ledger.database.writes, (tx) => insert(tx, ledger, group))))
  return numbers
}

/** The same for importers, which meet the same refusals again at every import: what lies there already is not kept twice. */
export async function buryOnce(ledger: Ledger, letters: readonly Letter[]): Promise<void> {
  const known = await lyingAt(ledger, letters)
  const same = (letter: Letter) => (known.get(spotOf(letter)) ?? []).some((bytes) => bytes.equals(letter.bytes ?? nothing))
  await bury(
    ledger,
    letters.filter((letter) => !same(letter)),
  )
}

const nothing = Buffer.alloc(0)

function* grouped(letters: readonly Letter[]): Generator<Letter[]> {
  let group: Letter[] = []
  let bytes = 0
  for (const letter of letters) {
    const size = letter.bytes?.length ?? 0
    if (group.length > 0 && bytes + size > bytesPerInsert) {
      yield group
      group = []
      bytes = 0
    }
    group.push(letter)
    bytes += size
  }
  if (group.length > 0) yield group
}

async function insert(tx: pg.ClientBase, ledger: Ledger, refused: readonly Letter[]): Promise<number[]> {
  const organization = ledger.organization.number
  const letters = await withoutErased(tx, organization, refused)
  const sealed = letters.map(({ bytes }) => seal(ledger.organization.keys, bytes ?? nothing))
  // Two that bury at once take turns, else both would number from the same place on.
  await tx.query('select pg_advisory_xact_lock(8490, $1)', [organization])
  const { rows } = await tx.query<{ number: number }>(
    `insert into dead_letter (organization_id, number, workspace_id, received_at, via, place, record_id, code, message, commitment, payload, source, conversation_id)
     select $1, coalesce((select max(number) from dead_letter where organization_id = $1), 0) + n, workspace, $2, via, place, record, code, message, commitment, payload, source, conversation
     from unnest($3::integer[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bytea[], $10::bytea[], $11::text[], $12::text[])
       with ordinality as t (workspace, via, place, record, code, message, commitment, payload, source, conversation, n)
     returning number`,
    [
      organization,
      ledger.clock.now().toString(),
      letters.map(({ workspace }) => workspace),
      letters.map(({ via }) => via),
      letters.map(({ place }) => plainText(place)),
      letters.map(({ recordId }) => (recordId === null ? null : plainText(recordId))),
      letters.map(({ code }) => code),
      letters.map(({ message }) => plainText(message)),
      sealed.map(({ commitment }) => commitment),
      letters.map(({ bytes }, i) => (bytes === null ? null : (sealed[i]?.payload ?? null))),
      letters.map(({ source }) => source),
      letters.map(({ bytes }) => conversationOf(bytes)),
    ],
  )
  const numbers = rows.map(({ number }) => number).sort((a, b) => a - b)
  await tx.query(
    `insert into salts.dead_letter (organization_id, number, salt)
     select $1, number, salt from unnest($2::bigint[], $3::bytea[]) as t (number, salt) where salt is not null`,
    [organization, numbers, letters.map(({ bytes }, i) => (bytes === null ? null : (sealed[i]?.salt ?? null)))],
  )
  const tally = new SourceTally()
  for (const { workspace, source } of letters) tally.refused(workspace, source)
  await tally.write(tx, organization, null)
  return numbers
}

/** What comes under the id of something that was erased, in its workspace or in none that could be told, may be it: its bytes are not kept. In the turn, so that no erasure passes in between. */
async function withoutErased(tx: pg.ClientBase, organization: number, letters: readonly Letter[]): Promise<readonly Letter[]> {
  const named = letters.filter(({ recordId }) => recordId !== null)
  if (named.length === 0) return letters
  await takeTurn(tx, organization)
  const { rows } = await tx.query<{ workspace: number | null; id: string }>(
    `select k.workspace, k.id from unnest($2::integer[], $3::text[]) as k (workspace, id)
     join workspace w on w.organization_id = $1 and (k.workspace is null or w.workspace_id = k.workspace)
     where exists (select from item i where i.organization_id = $1 and i.workspace_id = w.workspace_id and i.id = k.id and i.purged_at is not null)
       or exists (select from message m where m.organization_id = $1 and m.workspace_id = w.workspace_id and m.id = k.id and m.purged_at is not null)`,
    [organization, named.map(({ workspace }) => workspace), named.map(({ recordId }) => plainText(recordId ?? ''))],
  )
  const erased = new Set(rows.map(({ workspace, id }) => `${workspace}\0${id}`))
  const isErased = ({ workspace, recordId }: Letter) => erased.has(`${workspace}\0${plainText(recordId ?? '')}`)
  return letters.map((letter) => (isErased(letter) ? { ...letter, bytes: null } : letter))
}

function conversationOf(bytes: Buffer | null): string | null {
  const id = bytes && conversationNamedIn(bytes)
  return id === null ? null : plainText(id)
}

/** Places and ids come from file names and sources; a database text holds neither NUL nor a lone surrogate. */
function plainText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd')
}

const spotOf = ({ workspace, via, place, code }: Pick<Letter, 'workspace' | 'via' | 'place' | 'code'>) =>
  JSON.stringify([workspace, via, place, code])

/** A letter as it may be shown: never what is in it. */
export interface DeadLetter {
  readonly number: number
  readonly workspace_id: string | null
  readonly received_at: string
  readonly source: string
  readonly via: string
  readonly place: string
  readonly id: string | null
  readonly code: string
  readonly message: string
  /** Whether anything was kept that a replay could send. */
  readonly replayable: boolean
}

export interface LetterFilter {
  readonly workspace?: number
  /** Beside those of the workspace also those that named none. */
  readonly orNowhere?: boolean
  readonly source?: string | undefined
  readonly via?: string | undefined
  readonly code?: string | undefined
}

/** What waits to be replayed, the oldest first, a page at a time: the next begins `after` the number of the last. */
export async function listDeadLetters(
  ledger: Ledger,
  { workspace, orNowhere, source, via, code, after = 0, limit = 500 }: LetterFilter & { after?: number; limit?: number },
): Promise<DeadLetter[]> {
  let query = ledger.database.reader
    .selectFrom('dead_letter as d')
    .leftJoin('workspace as w', (join) =>
      join.onRef('w.organization_id', '=', 'd.organization_id').onRef('w.workspace_id', '=', 'd.workspace_id'),
    )
    .select([
      'd.number',
      'w.id as workspace_id',
      'd.received_at',
      'd.source',
      'd.via',
      'd.place',
      'd.record_id as id',
      'd.code',
      'd.message',
    ])
    .select((row) => row('d.payload', 'is not', null).as('kept'))
    .where('d.organization_id', '=', ledger.organization.number)
    .where('d.replayed_at', 'is', null)
    .where('d.number', '>', after)
    .orderBy('d.number')
    .limit(limit)
  if (workspace !== undefined)
    query = query.where((is) => is.or([is('d.workspace_id', '=', workspace), ...(orNowhere ? [is('d.workspace_id', 'is', null)] : [])]))
  if (source !== undefined) query = query.where('d.source', '=', source)
  if (via !== undefined) query = query.where('d.via', '=', via)
  if (code !== undefined) query = query.where('d.code', '=', code)
  const rows = await query.execute()
  return rows.map(({ kept, ...row }) => ({ ...row, replayable: kept === true && !row.via.endsWith(rawPiece) }))
}

/** All that waits, page by page, so that a million of them need no more room than a few. */
export async function* everyDeadLetter(ledger: Ledger, filter: LetterFilter): AsyncGenerator<DeadLetter[]> {
  for (let after = 0; ; ) {
    const letters = await listDeadLetters(ledger, { ...filter, after })
    const last = letters.at(-1)
    if (!last) return
    yield letters
    after = last.number
  }
}

/** The bytes that lie at the places of these letters. Reads the table once for a batch: refusals are few. */
async function lyingAt(ledger: Ledger, letters: readonly Letter[]): Promise<Map<string, Buffer[]>> {
  const lying = new Map<string, Buffer[]>()
  if (letters.length === 0) return lying
  const rows = await ledger.database.reader
    .selectFrom('dead_letter as d')
    .leftJoin('salts.dead_letter as s', (join) =>
      join.onRef('s.organization_id', '=', 'd.organization_id').onRef('s.number', '=', 'd.number'),
    )
    .select(['d.workspace_id', 'd.via', 'd.place', 'd.code', 'd.commitment', 'd.payload', 's.salt'])
    .where('d.organization_id', '=', ledger.organization.number)
    .where('d.replayed_at', 'is', null)
    .where('d.place', 'in', [...new Set(letters.map(({ place }) => plainText(place)))])
    .execute()
  for (const { workspace_id, via, place, code, commitment, payload, salt } of rows) {
    const spot = spotOf({ workspace: workspace_id, via, place, code })
    const bytes = payload && salt ? open(ledger.organization.keys, { salt, commitment, payload }) : nothing
    lying.set(spot, [...(lying.get(spot) ?? []), bytes])
  }
  return lying
}
