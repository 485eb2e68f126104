import type { Context } from '../ledger/context.ts'
import { openRow, rowsOf, type SealedRow, sealedColumns } from '../ledger/read.ts'
import { textOrNull } from './openai-common.ts'

/** Whose something is. The e-mail address and the name are in the sealed record of the person. */
export interface Owner {
  readonly id: string
  readonly email: string | null
  readonly name: string | null
}

/** People by their numbers; one who is only referred to has an id and nothing else. */
export async function loadPeople(ctx: Context, numbers: readonly (number | null)[]): Promise<Map<number, Owner>> {
  const people = [...new Set(numbers.flatMap((number) => (number === null ? [] : [number])))]
  if (people.length === 0) return new Map()
  const { database, organization } = ctx.ledger
  const found = await rowsOf<{ number: number; id: string } & SealedRow>(
    database,
    'owners',
    `select i.number, coalesce(i.wire_id, i.id) as id, ${sealedColumns} from item i
     left join log l on l.organization_id = i.organization_id and l.seq = i.seq
     left join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq
     where i.organization_id = $1 and i.number = any($2::bigint[])`,
    [organization.number, people],
  )
  return new Map(
    found.map((row) => {
      const record = openRow(organization, row)
      return [row.number, { id: row.id, email: textOrNull(record?.email), name: textOrNull(record?.name) }]
    }),
  )
}
