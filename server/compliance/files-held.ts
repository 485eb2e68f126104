import type { Context } from '../ledger/context.ts'
import type { JsonObject } from '../ledger/json.ts'
import { openRow, rowsOf, type SealedRow, sealedColumns } from '../ledger/read.ts'
import { sourceKey } from './held-items.ts'

/** A file: its record, which may not have arrived or be erased, and whether its bytes are here. */
export interface HeldFile {
  readonly number: number
  readonly workspace: number
  /** As it stands on the wire. */
  readonly id: string
  readonly source: string
  readonly person: number | null
  readonly conversation: number | null
  readonly record: JsonObject | null
  /** Of the newest bytes that can still be read; null: none. */
  readonly address: string | null
  readonly size: number | null
  readonly salt: Buffer | null
  /** It was deleted from the record: nothing of it comes back. */
  readonly purged: boolean
}

interface Row extends SealedRow, Omit<HeldFile, 'record' | 'salt'> {
  own_id: string
  blob_salt: Buffer | null
}

/** A file whose record was erased has no bytes to show either. */
const columns = `i.number, i.workspace_id as workspace, coalesce(i.wire_id, i.id) as id, i.id as own_id, i.source, i.person, i.conversation,
  i.purged_at is not null as purged, b.address, b.size, b.salt as blob_salt, ${sealedColumns}`
const joins = `left join log l on l.organization_id = i.organization_id and l.seq = i.seq
  left join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq
  left join lateral (
    select f.address, o.size, x.salt from file_bytes f
    join blob o on o.organization_id = f.organization_id and o.address = f.address
    join salts.blob x on x.organization_id = f.organization_id and x.address = f.address
    where f.organization_id = i.organization_id and f.item = i.number and (i.seq is null or s.salt is not null)
    order by f.seq desc limit 1) b on true`

/** Files of some workspaces by the ids that records of their own source call them by; the key is made by `fileKey`. */
export async function loadHeldFiles(ctx: Context, workspaces: readonly number[], ids: readonly string[]): Promise<Map<string, HeldFile>> {
  if (ids.length === 0) return new Map()
  const rows = await rowsOf<Row>(
    ctx.ledger.database,
    'files by source',
    `select ${columns} from item i ${joins}
     where i.organization_id = $1 and i.workspace_id = any($2::integer[]) and i.kind = 'file' and i.id = any($3::text[])`,
    [ctx.ledger.organization.number, [...new Set(workspaces)], [...new Set(ids)]],
  )
  return new Map(rows.map((row) => [fileKey(row.workspace, row.source, row.own_id), fileOf(ctx, row)]))
}

export const fileKey = (workspace: number, source: string, id: string) => `${workspace}\0${sourceKey(source, id)}`

/** Files by their numbers. */
export async function loadFilesByNumber(ctx: Context, workspace: number, numbers: readonly number[]): Promise<Map<number, HeldFile>> {
  if (numbers.length === 0) return new Map()
  const rows = await rowsOf<Row>(
    ctx.ledger.database,
    'files by number',
    `select ${columns} from item i ${joins}
     where i.organization_id = $1 and i.workspace_id = $2 and i.kind = 'file' and i.number = any($3::bigint[])`,
    [ctx.ledger.organization.number, workspace, numbers],
  )
  return new Map(rows.map((row) => [row.number, fileOf(ctx, row)]))
}

function fileOf(ctx: Context, { commitment, payload, salt, own_id: _, blob_salt, ...rest }: Row): HeldFile {
  return { ...rest, salt: blob_salt, record: openRow(ctx.ledger.organization, { commitment, payload, salt }) }
}
