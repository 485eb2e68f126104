import { text as decoded } from 'node:stream/consumers'
import type pg from 'pg'
import type { Blobs } from '../platform/blobs.ts'
import { isObject, type JsonObject } from './json.ts'
import type { Organization } from './organization.ts'
import { openRow, type SealedRow, sealedColumns } from './read.ts'

/** Kinds of entries that words are found in. What a file holds came with its bytes, in an entry of its own. */
export const searchableKinds = ['message', 'conversation', 'file', 'file_bytes', 'memory', 'canvas'] as const

/** Larger files are found by their names only. */
export const largestSearched = 8 * 1_048_576

/** What the texts of entries are read with. */
export interface Sources {
  readonly organization: Organization
  readonly blobs: Blobs
  /** Hears of bytes that should be there and cannot be read: what they say is not found, and nothing else waits for them. */
  unreadable?(seq: number, error: unknown): void
}

/** An entry with everything that words are found in, each text by itself: a phrase does not go on from one into the next. */
export interface SearchableEntry {
  readonly seq: number
  readonly workspace: number
  readonly texts: readonly string[]
}

export interface SearchableRow extends SealedRow {
  readonly seq: number
  readonly workspace_id: number
  readonly kind: string
  readonly id: string
  readonly source: string
}

export const searchableColumns = `l.seq, l.workspace_id, l.kind, l.id, l.source, ${sealedColumns}`

/**
 * The searchable entries among those from one to another, both included, in their order; what was erased has no text any more. The next
 * ones are on their way while these are looked at.
 */
export async function* readSearchable(tx: pg.ClientBase, sources: Sources, from: number, to: number): AsyncGenerator<SearchableEntry> {
  let next = fetchSpan(tx, sources, from, to)
  for (let at = from; at <= to; at += entriesAtOnce) {
    const rows = await next
    next = fetchSpan(tx, sources, at + entriesAtOnce, to)
    yield* openSearchable(tx, sources, rows)
  }
}

function fetchSpan(tx: pg.ClientBase, sources: Sources, from: number, to: number): Promise<SearchableRow[]> {
  if (from > to) return Promise.resolve([])
  const span = tx.query<SearchableRow>({
    name: 'searchable span',
    text: `select ${searchableColumns} from log l join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq
           where l.organization_id = $1 and l.seq between $2 and $3 and l.kind = any($4::text[]) and l.payload is not null order by l.seq`,
    values: [sources.organization.number, from, Math.min(to, from + entriesAtOnce - 1), searchableKinds],
  })
  const rows = span.then((found) => found.rows)
  // Who waits for it hears of a failure; nobody may come to.
  rows.catch(() => undefined)
  return rows
}

export async function* readSearchableOnes(tx: pg.ClientBase, sources: Sources, seqs: readonly number[]): AsyncGenerator<SearchableEntry> {
  for (let at = 0; at < seqs.length; at += entriesAtOnce) {
    const { rows } = await tx.query<SearchableRow>({
      name: 'searchable ones',
      text: `select ${searchableColumns} from log l join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq
             where l.organization_id = $1 and l.seq = any($2::bigint[]) and l.kind = any($3::text[]) and l.payload is not null order by l.seq`,
      values: [sources.organization.number, seqs.slice(at, at + entriesAtOnce), searchableKinds],
    })
    yield* openSearchable(tx, sources, rows)
  }
}

const entriesAtOnce = 512

/** One at a time, in the order of the rows: a text may have megabytes. One that cannot be opened any more is left out. */
export async function* openSearchable(
  tx: pg.ClientBase,
  sources: Sources,
  rows: readonly SearchableRow[],
): AsyncGenerator<SearchableEntry> {
  for (const row of rows) {
    const record = openRow(sources.organization, row)
    if (!record) continue
    const texts = row.kind === 'file_bytes' ? await textsOfFile(tx, sources, row) : textsOf(row.kind, record)
    yield { seq: row.seq, workspace: row.workspace_id, texts: texts.map(withoutData) }
  }
}

/** Everything a record says in words. */
export function textsOf(kind: string, record: JsonObject): string[] {
  if (kind === 'message') return Array.isArray(record.content) ? record.content.filter(isObject).flatMap(textsOfPart) : []
  if (kind === 'conversation') return stringsOf(record.title)
  if (kind === 'file') return stringsOf(record.name)
  return kind === 'memory' ? stringsOf(record.content) : [...stringsOf(record.name), ...stringsOf(record.content)]
}

/** What a tool was told and what it gave back, and parts of unknown kinds, are searched wherever they hold a text. */
function textsOfPart(part: JsonObject): string[] {
  const { type: _, id: _id, file_id: _file, tool_use_id: _use, ...rest } = part
  return typeof rest.text === 'string' && Object.keys(rest).length === 1 ? [rest.text] : stringsOf(rest)
}

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsOf) : []
}

/** Encoded bytes are no words: a picture in a tool's result would be ten thousand of them. */
const data = /[\w+/=-]{2049,}/g

function withoutData(text: string): string {
  return text.length > 2048 ? text.replace(data, ' ') : text
}

/** What an entry of bytes brought; nothing where they are no text, too many, or gone. */
async function textsOfFile(tx: pg.ClientBase, sources: Sources, row: SearchableRow): Promise<string[]> {
  const { organization } = sources
  const { rows } = await tx.query<Blob>({
    name: 'searchable file',
    text: `select f.address, b.size, s.salt from item i
           join file_bytes f on f.organization_id = i.organization_id and f.item = i.number and f.seq = $6
           join blob b on b.organization_id = f.organization_id and b.address = f.address
           join salts.blob s on s.organization_id = f.organization_id and s.address = f.address
           where i.organization_id = $1 and i.workspace_id = $2 and i.kind = $3 and i.id = $4 and i.source = $5`,
    values: [organization.number, row.workspace_id, 'file', row.id, row.source, row.seq],
  })
  const [blob] = rows
  if (!blob || blob.size === 0 || blob.size > largestSearched) return []
  try {
    return await readText(sources, blob)
  } catch (error) {
    sources.unreadable?.(row.seq, error)
    return []
  }
}

interface Blob {
  readonly address: string
  readonly size: number
  readonly salt: Buffer
}

/** The kind of a file is told by its record, which may come later and change; its bytes stay what they are, so they are what is looked at. */
async function readText({ organization, blobs }: Sources, { address, size, salt }: Blob): Promise<string[]> {
  const start = { first: 0, last: Math.min(size, chunk) - 1 }
  if (!isText(await bytesOf(blobs.read(organization.keys, address, salt, start)))) return []
  return [await decoded(blobs.read(organization.keys, address, salt))]
}

const chunk = 65_536

async function bytesOf(bytes: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of bytes) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** UTF-8 without a control character but those of lines; a character may be cut off at the end. */
function isText(bytes: Buffer): boolean {
  try {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what tells
    return !/[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true }))
  } catch {
    return false
  }
}
