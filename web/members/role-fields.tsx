import { givenBy, isRecordRole, type Role, roles } from '../../contract/people.ts'
import { Checks } from '../admin/fields.tsx'
import { roleMeanings, roleName } from '../admin/words.ts'
import { page } from '../page.ts'

/** The roles the reader may give and take. */
const reach = new Set<Role>(page.person.roles.flatMap((role) => givenBy[role]))

/** Roles to tick. A role of the record can be taken here, never given: that takes a second person. */
export function RoleFields({ held }: { held: readonly Role[] }) {
  const offered = roles.filter((role) => held.includes(role) || (reach.has(role) && !isRecordRole(role)))
  return (
    <Checks
      name="roles"
      legend="Roles"
      chosen={held}
      options={offered.map((role) => ({
        value: role,
        name: roleName(role),
        meaning: isRecordRole(role) ? `${roleMeanings[role]} Given by two people.` : roleMeanings[role],
      }))}
    />
  )
}

/** The roles of the record, to choose one of. */
export const recordRoleOptions = (held: readonly Role[]) =>
  roles.filter((role) => isRecordRole(role) && !held.includes(role)).map((role) => ({ value: role, name: roleName(role) }))
