import type pg from 'pg'
import { type SearchHit, type SearchKind, searchKinds } from '../../contract/search.ts'
import { messageWireId } from '../ledger/identity.ts'
import { openRow, type SealedRow, sealedColumns } from '../ledger/read.ts'
import type { Sources } from '../ledger/searchable.ts'
import { textOrNull } from './openai-common.ts'
import { type Found, itemsAbout, person } from './search-candidates.ts'

interface Row {
  readonly seq: number
  readonly kind: string
  readonly id: string
  readonly conversation: number | null
  readonly conversation_id: string | null
  readonly person: number | null
  readonly at: string
  readonly older_version: boolean
  readonly deleted_at: string | null
  readonly repeated_id: boolean
}

/** What is told of entries that were found, in their order. */
export async function hitsOf(tx: pg.ClientBase, sources: Sources, found: readonly Found[]): Promise<SearchHit[]> {
  if (found.length === 0) return []
  const rows = await select(tx, sources, found)
  const people = await peopleOf(tx, sources, [...rows.values()])
  return found.flatMap(({ seq, snippets }) => {
    const row = rows.get(seq)
    return row ? [hit(row, people, snippets)] : []
  })
}

function hit(row: Row, people: Map<number, SearchHit['person']>, snippets: Found['snippets']): SearchHit {
  const { seq, conversation, conversation_id, at, older_version, deleted_at } = row
  const kind = kindOf(row.kind)
  return {
    seq,
    kind,
    id: kind === 'message' && conversation !== null ? messageWireId(conversation, row.id, row.repeated_id) : row.id,
    conversation_id,
    conversation_number: conversation,
    person: row.person === null ? null : (people.get(row.person) ?? null),
    at,
    older_version,
    deleted_at,
    snippets: [...snippets],
  }
}

function kindOf(kind: string): SearchKind {
  return searchKinds.find((one) => one === kind) ?? 'file'
}

/** One look-up by key for each table and entry. */
async function select(tx: pg.ClientBase, { organization }: Sources, found: readonly Found[]): Promise<Map<number, Row>> {
  const { rows } = await tx.query<Row>({
    name: 'search hits',
    text: `select l.seq, l.kind, coalesce(i.wire_id, l.id) as id, ci.number as conversation, coalesce(ci.wire_id, ci.id) as conversation_id,
             ${person} as person, coalesce(l.occurred_at, l.received_at) as at,
             case l.kind when 'message' then l.seq is distinct from m.seq
               when 'file_bytes' then exists (select from file_bytes f where f.organization_id = i.organization_id and f.item = i.number and f.seq > l.seq)
               else l.seq is distinct from i.seq end as older_version,
             coalesce(m.deleted_at, i.deleted_at, ci.deleted_at) as deleted_at, coalesce(m.repeated_id, false) as repeated_id
           from log l ${itemsAbout}
           left join item ci on ci.organization_id = l.organization_id and ci.number = coalesce(l.conversation, i.conversation)
           left join message m on l.kind = 'message' and m.organization_id = l.organization_id and m.workspace_id = l.workspace_id
             and m.id = l.id and m.conversation = l.conversation
           where l.organization_id = $1 and l.seq = any($2::bigint[])`,
    values: [organization.number, found.map(({ seq }) => seq)],
  })
  return new Map(rows.map((row) => [row.seq, row]))
}

/** Names and addresses stand in the sealed records of people; one who is only referred to has neither. */
export async function peopleOf(
  tx: pg.ClientBase,
  { organization }: Sources,
  rows: readonly { readonly person: number | null }[],
): Promise<Map<number, SearchHit['person']>> {
  const numbers = [...new Set(rows.flatMap(({ person }) => (person === null ? [] : [person])))]
  const found = await tx.query<{ number: number; id: string } & SealedRow>({
    name: 'search people',
    text: `select i.number, coalesce(i.wire_id, i.id) as id, ${sealedColumns} from item i
           left join log l on l.organization_id = i.organization_id and l.seq = i.seq
           left join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq
           where i.organization_id = $1 and i.number = any($2::bigint[])`,
    values: [organization.number, numbers],
  })
  return new Map(
    found.rows.map((row) => {
      const record = openRow(organization, row)
      return [row.number, { id: row.id, email: textOrNull(record?.email), name: textOrNull(record?.name) }]
    }),
  )
}
