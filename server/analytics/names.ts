import type { Context } from '../ledger/context.ts'
import { openRow, rowsOf, type SealedRow, sealedColumns } from '../ledger/read.ts'
import { hmac } from '../platform/crypto.ts'
import type { Reader } from './privacy.ts'

/** How an item that was counted by its number is called outside: its id on the wire, and its name where one is known. */
export interface Named {
  readonly id: string
  readonly name: string | null
}

/** Dimensions whose keys are numbers of items. */
export const itemDimensions = ['person', 'gpt', 'project'] as const
export type ItemDimension = (typeof itemDimensions)[number]
export const isItem = (id: string): id is ItemDimension => (itemDimensions as readonly string[]).includes(id)

/**
 * The one place where a count learns a name: of the items on the page, never of all. A name is no content, and everybody who may see
 * counts may see it; those of people only where the workspace names them.
 */
export async function namesOf(ctx: Context, workspace: number, reader: Reader, numbers: readonly number[]): Promise<Map<number, Named>> {
  if (numbers.length === 0) return new Map()
  const { database, organization } = ctx.ledger
  const rows = await rowsOf<{ number: number; id: string; kind: ItemDimension; purged: boolean } & SealedRow>(
    database,
    'names of counted items',
    `select i.number, coalesce(i.wire_id, i.id) as id, i.kind, i.purged_at is not null as purged, ${sealedColumns} from item i
     left join log l on l.organization_id = i.organization_id and l.seq = i.seq
     left join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq
     where i.organization_id = $1 and i.workspace_id = $2 and i.number = any($3::bigint[]) and i.kind in ('person', 'gpt', 'project')`,
    [organization.number, workspace, [...new Set(numbers)]],
  )
  return new Map(
    rows.map((row) => {
      if (row.kind === 'person' && reader.people !== 'named')
        return [row.number, { id: pseudonymOf(ctx, workspace, row.number), name: null }]
      const name = row.purged ? `${purgedWords[row.kind]} ${row.id}` : openRow(organization, row)?.name
      return [row.number, { id: row.id, name: typeof name === 'string' && name !== '' ? name : null }]
    }),
  )
}

/** What was deleted from the record counts on, and has no name any more. */
const purgedWords: Record<ItemDimension, string> = { person: 'deleted person', gpt: 'deleted GPT', project: 'deleted project' }

/** The same for the same person always, another in every workspace and organization, and no way back without the organization's key. */
export function pseudonymOf({ ledger }: Context, workspace: number, person: number): string {
  return `p_${hmac(ledger.organization.keys.pseudonyms, `${workspace}:${person}`).toString('hex').slice(0, 32)}`
}

/** What has no item of its own: messages of nobody known. */
export const nobody: Named = { id: 'unknown', name: null }
