import type pg from 'pg'
import type { Ledger } from './context.ts'
import type { JsonObject } from './json.ts'
import { entriesOf } from './purge-erase.ts'
import type { Located } from './purge-locate.ts'
import type { MessagePlace } from './purge-target.ts'
import { openRow, type SealedRow, sealedColumns } from './read.ts'

/** A file that stands in no conversation and in nobody's library. */
export interface LooseFile {
  readonly number: number
  /** As `namedFiles` has it. */
  readonly key: string
  /** The GPT or project that its record names. */
  readonly holder: number | null
}

const keyOf = (source: unknown, id: string) => `${String(source)}\0${id}`

/** The files that records name: source and id as one text. */
export function namedFiles(records: readonly JsonObject[], source: string | null): Set<string> {
  return new Set(records.flatMap((record) => idsOf(record).map((id) => keyOf(record.source ?? source, id))))
}

function idsOf({ file_ids: ids }: JsonObject): string[] {
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : []
}

interface Wanted {
  readonly named: ReadonlySet<string>
  /** Also those whose own record names this GPT or project. */
  readonly of: number | null
}

/** Those named; with a holder a pass over the files of the workspace, which nothing but a deletion makes. */
export async function looseFiles(tx: pg.ClientBase, ledger: Ledger, { workspace }: Located, { named, of }: Wanted): Promise<LooseFile[]> {
  if (named.size === 0 && of === null) return []
  const ids = [...named].map((key) => key.slice(key.indexOf('\0') + 1))
  const { rows } = await tx.query<{ number: number; source: string; id: string; holder: number | null }>(
    `select i.number, i.source, i.id, coalesce(l.gpt, l.project) as holder
     from item i left join log l on l.organization_id = i.organization_id and l.seq = i.seq
     where i.organization_id = $1 and i.workspace_id = $2 and i.kind = 'file' and i.conversation is null and i.purged_at is null
       and l.remains::json->>'origin' is distinct from 'library' and (i.id = any($3::text[]) or $4 in (l.gpt, l.project))`,
    [ledger.organization.number, workspace.number, ids, of],
  )
  return rows
    .map(({ number, source, id, holder }) => ({ number, key: keyOf(source, id), holder }))
    .filter(({ key, holder }) => named.has(key) || (of !== null && holder === of))
}

/** The files that GPTs and projects name, but for the one that goes. */
export async function namedByAssets(tx: pg.ClientBase, ledger: Ledger, { workspace, number }: Located): Promise<Set<string>> {
  const { rows } = await tx.query<SealedRow & { source: string }>(
    `select i.source, ${sealedColumns} from item i join version v on v.organization_id = i.organization_id and v.item = i.number
     join log l on l.organization_id = v.organization_id and l.seq = v.seq
     join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq
     where i.organization_id = $1 and i.workspace_id = $2 and i.kind in ('gpt', 'project') and i.number <> $3`,
    [ledger.organization.number, workspace.number, number],
  )
  return namedIn(ledger, rows, null)
}

/** Messages that are opened at once, and conversations that are looked through together. */
const [mostOpened, together] = [1000, 50]

/** The files that some messages name, in any version. */
export async function namedByMessages(
  tx: pg.ClientBase,
  ledger: Ledger,
  source: string | null,
  messages: readonly MessagePlace[],
): Promise<Set<string>> {
  const organization = ledger.organization.number
  let named = new Set<string>()
  for (let at = 0; at < messages.length; at += mostOpened) {
    const seqs = await entriesOf(tx, organization, { items: [], messages: messages.slice(at, at + mostOpened) })
    const { rows } = await tx.query<SealedRow>(
      `select ${sealedColumns} from log l join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq
       where l.organization_id = $1 and l.seq = any($2::bigint[])`,
      [organization, seqs],
    )
    named = named.union(namedIn(ledger, rows, source))
  }
  return named
}

/** Which of some files messages of the same person's other conversations name; those of nobody known count as one person's. */
export async function namedByOthers(
  tx: pg.ClientBase,
  ledger: Ledger,
  { workspace, number, source }: Located,
  wanted: ReadonlySet<string>,
): Promise<Set<string>> {
  const organization = ledger.organization.number
  const { rows: others } = await tx.query<{ number: number }>(
    `select o.number from conversation c join conversation o
       on o.organization_id = c.organization_id and o.workspace_id = c.workspace_id and o.person is not distinct from c.person and o.number <> c.number
     where c.organization_id = $1 and c.workspace_id = $2 and c.number = $3 and o.purged_at is null`,
    [organization, workspace.number, number],
  )
  let found = new Set<string>()
  for (let at = 0; at < others.length && found.size < wanted.size; at += together) {
    const { rows } = await tx.query<MessagePlace>(
      `select conversation, first_seq as "firstSeq" from message
       where organization_id = $1 and conversation = any($2::bigint[]) and seq is not null and purged_at is null`,
      [organization, others.slice(at, at + together).map((one) => one.number)],
    )
    found = found.union((await namedByMessages(tx, ledger, source, rows)).intersection(wanted))
  }
  return found
}

function namedIn(ledger: Ledger, rows: readonly (SealedRow & { source?: string })[], source: string | null): Set<string> {
  const named = new Set<string>()
  for (const row of rows) {
    const record = openRow(ledger.organization, row)
    for (const key of record ? namedFiles([record], row.source ?? source) : []) named.add(key)
  }
  return named
}
