import type pg from 'pg'
import type { Snippet } from '../../contract/search.ts'
import { openSearchable, type SearchableRow, type Sources, searchableColumns } from '../ledger/searchable.ts'
import type { Filters } from './search-filters.ts'
import { isFound, snippetsOf, type Terms } from './search-terms.ts'

/** Entries of what is searched for: as the index gives them, or all of a stretch that it does not hold yet. */
export type Where = { readonly seqs: readonly number[] } | { readonly from: number; readonly to: number }

/** An entry in which everything occurs that is searched for, and where. */
export interface Found {
  readonly seq: number
  readonly snippets: readonly Snippet[]
}

export interface Checked {
  /** The newest first. */
  readonly found: readonly Found[]
  /** How many were opened. */
  readonly opened: number
  /** The last one that was looked at, where that was not the last of them: texts may be long, so only so many are fetched at once. */
  readonly stoppedAt: number | null
}

const mostAtOnce = 500

/** Fetches what the filters leave, opens it and reads it. Whatever the index says, only what is there is found. */
export async function check(tx: pg.ClientBase, sources: Sources, terms: Terms, filters: Filters, where: Where): Promise<Checked> {
  const found: Found[] = []
  const rows = await select(tx, sources, filters, where)
  for await (const { seq, texts } of openSearchable(tx, sources, rows))
    if (isFound(terms, texts)) found.push({ seq, snippets: snippetsOf(terms, texts) })
  return { found, opened: rows.length, stoppedAt: rows.length < mostAtOnce ? null : (rows.at(-1)?.seq ?? null) }
}

/** The item that an entry is a version of, or brought bytes for, and the conversation it is in; messages are no items. */
export const itemsAbout = `left join item i on l.kind <> 'message' and i.organization_id = l.organization_id and i.workspace_id = l.workspace_id
    and i.kind = case l.kind when 'file_bytes' then 'file' else l.kind end and i.id = l.id and i.source = l.source
  left join conversation c on c.organization_id = l.organization_id and c.number = coalesce(l.conversation, i.conversation)`

/** Bytes have their file's person, and what an assistant says has the conversation's. */
export const person = 'coalesce(l.person, i.person, c.person)'

/** The same, cheapest first: nine entries in ten are messages, and their conversations are known beforehand. */
const personIs = (number: string, conversations: string) => `(l.person = ${number}::bigint or (l.person is null and case l.kind
  when 'message' then l.conversation = any(${conversations}::bigint[])
  else ${number}::bigint = (select coalesce(i.person, c.person) from (select l.*) as l ${itemsAbout}) end))`

async function conversationsOf(tx: pg.ClientBase, { organization }: Sources, { workspace, person }: Filters): Promise<number[]> {
  const { rows } = await tx.query<{ number: number }>({
    name: 'conversations of one',
    text: 'select number from conversation where organization_id = $1 and workspace_id = $2 and person = $3',
    values: [organization.number, workspace, person],
  })
  return rows.map(({ number }) => number)
}

async function select(tx: pg.ClientBase, sources: Sources, filters: Filters, where: Where): Promise<SearchableRow[]> {
  const values: unknown[] = [sources.organization.number, filters.workspace, filters.kinds]
  const bind = (value: unknown) => `$${values.push(value)}`
  const conditions = [
    'seqs' in where ? `l.seq = any(${bind(where.seqs)}::bigint[])` : `l.seq between ${bind(where.from)} and ${bind(where.to)}`,
    ...(filters.person === null ? [] : [personIs(bind(filters.person), bind(await conversationsOf(tx, sources, filters)))]),
    ...(filters.from === null ? [] : [`coalesce(l.occurred_at, l.received_at) >= ${bind(filters.from)}::timestamptz`]),
    ...(filters.before === null ? [] : [`coalesce(l.occurred_at, l.received_at) < ${bind(filters.before)}::timestamptz`]),
  ]
  const { rows } = await tx.query<SearchableRow>(
    `select ${searchableColumns} from log l join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq
     where l.organization_id = $1 and l.workspace_id = $2 and l.kind = any($3::text[]) and l.payload is not null and ${conditions.join(' and ')}
     order by l.seq desc limit ${mostAtOnce}`,
    values,
  )
  return rows
}
