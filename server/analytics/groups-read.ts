import type { Temporal } from 'temporal-polyfill'
import type { Period } from '../../contract/periods.ts'
import type { Context } from '../ledger/context.ts'
import { openRow, rowsOf, type SealedRow, sealedColumns } from '../ledger/read.ts'
import { type Membership, type NamedGroup, type SourceRole, sourceRoles, withChildren } from './groups.ts'

/**
 * Who belonged where when a period ended. Of several versions the last that held by then; before the first that is known, the first: a
 * directory that was connected today speaks for the time before as well.
 */
export async function membershipAt(ctx: Context, workspace: number, period: Period): Promise<Membership> {
  const end = startOf(period.last.add({ days: 1 }))
  const [people, groups] = await Promise.all([readPeople(ctx, workspace, end), readGroups(ctx, workspace, end)])
  const start = startOf(period.first)
  const there = (until: string) => new Set(people.filter(({ left }) => left === null || left >= until).map(({ person }) => person))
  const atEnd = there(end)
  const roles = people.flatMap(({ person, role }) => (role === null ? [] : [[person, role] as const]))
  return { present: there(start), people: atEnd, groups: withChildren(groups, atEnd), roles: new Map(roles) }
}

const startOf = (day: Temporal.PlainDate) => `${day}T00:00:00Z`

/** The version that held at $3 comes first: the last before, else the first after. */
const asOf = (version: string) =>
  `${version}.valid_from < $3 desc, abs(extract(epoch from ${version}.valid_from - $3::timestamptz)), ${version}.seq desc`

interface PersonThen {
  readonly person: number
  readonly role: SourceRole | null
  /** When they were deleted, if that was before the period ended; comparable as text. */
  readonly left: string | null
}

/** One pass over the people of the workspace and their versions, which few have more than two of. */
async function readPeople(ctx: Context, workspace: number, end: string): Promise<PersonThen[]> {
  const { database, organization } = ctx.ledger
  const rows = await rowsOf<{ person: number; role: string | null; left: string | null }>(
    database,
    'people as of a day',
    `select distinct on (i.number) i.number as person, p.role,
       to_char(least(i.deleted_at, case when p.status = 'deleted' and p.valid_from < $3 then p.valid_from end) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as left
     from item i left join person_version p on p.organization_id = i.organization_id and p.person = i.number
     where i.organization_id = $1 and i.workspace_id = $2 and i.kind = 'person'
     order by i.number, ${asOf('p')}`,
    [organization.number, workspace, end],
  )
  return rows.map(({ person, role, left }) => ({ person, role: sourceRoles.find((one) => one === role) ?? null, left }))
}

interface GroupRow extends SealedRow {
  readonly number: number
  readonly id: string
  readonly source: string
  readonly wire_id: string
  /** Numbers of people, joined by commas. */
  readonly named: string
}

/** Groups are few and their names are no content, so their records are opened. */
async function readGroups(ctx: Context, workspace: number, end: string): Promise<NamedGroup[]> {
  const { database, organization } = ctx.ledger
  const rows = await rowsOf<GroupRow>(
    database,
    'groups as of a day',
    `with valid as (
       select distinct on (i.number) i.number, i.id, i.source, coalesce(i.wire_id, i.id) as wire_id, v.seq
       from item i join version v on v.organization_id = i.organization_id and v.item = i.number
       where i.organization_id = $1 and i.workspace_id = $2 and i.kind = 'group' and (i.deleted_at is null or i.deleted_at >= $3)
       order by i.number, ${asOf('v')})
     select valid.*, ${sealedColumns}, (select coalesce(string_agg(m.person::text, ','), '') from group_member m
       where m.organization_id = $1 and m.group_item = valid.number and m.seq = valid.seq) as named
     from valid left join log l on l.organization_id = $1 and l.seq = valid.seq
     left join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq`,
    [organization.number, workspace, end],
  )
  const numbers = new Map(rows.map((row) => [keyOf(row.source, row.id), row.number]))
  return rows.map((row) => {
    const record = openRow(organization, row) ?? {}
    const parents = Array.isArray(record.parent_ids) ? record.parent_ids : []
    return {
      number: row.number,
      id: row.wire_id,
      name: typeof record.name === 'string' && record.name !== '' ? record.name : null,
      origin: record.origin === 'manual' ? 'manual' : 'directory',
      named: row.named === '' ? [] : row.named.split(',').map(Number),
      parents: parents.flatMap((id) => numbers.get(keyOf(row.source, String(id))) ?? []),
    }
  })
}

/** Ids of groups are their source's own. */
const keyOf = (source: string, id: string) => JSON.stringify([source, id])
