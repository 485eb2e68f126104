import { givenBy, isRecordRole, type Role, recordRoles, roleScopes, roles } from '../../contract/people.ts'
import { type Actor, allows } from '../ledger/context.ts'
import { Refusal } from '../platform/refusal.ts'

/** What somebody has, or is to have: roles, all of them for one reach. `workspace` null is the whole organization. */
export interface Standing {
  readonly roles: readonly Role[]
  readonly workspace: number | null
}

export interface Grant {
  /** null: somebody who is not a member yet. */
  readonly before: (Standing & { readonly id: string; readonly primaryOwner: boolean }) | null
  readonly after: Standing
}

/**
 * The rules of who gives what, for every way of giving it. Throws the first that is broken: the primary owner stays an owner, nobody
 * changes themselves, nobody gives or takes above their level or outside their workspace, and a record role takes a second person.
 */
export function checkGrant(actor: Actor, grant: Grant): void {
  const { before, after } = grant
  if (before?.primaryOwner && (!after.roles.includes('owner') || after.workspace !== null))
    throw new Refusal('conflict', 'the primary owner stays an owner of the whole organization')
  if (actor.kind === 'operator') return
  checkMayTouch(actor, { before, after })
  const added = addedRecordRoles(grant)
  if (added.length > 0)
    throw new Refusal('forbidden', `${added.join(', ')}: a role of the record takes a second person; ask for it with POST /api/approvals`)
}

/** Whether somebody's roles are this actor's business at all: somebody else's, no higher than theirs, and within their reach. */
export function checkMayTouch(actor: Actor, { before, after }: Grant): void {
  if (actor.kind === 'operator') return
  if (before?.id === actor.id) throw new Refusal('forbidden', 'nobody changes their own roles or standing')
  const mine = rolesGivenBy(actor)
  const beyond = [...new Set([...after.roles, ...(before?.roles ?? [])])].filter((role) => !mine.includes(role))
  if (beyond.length > 0) throw new Refusal('forbidden', `you cannot give or take a role above your own: ${beyond.join(', ')}`)
  const foreign =
    actor.workspace !== null && (after.workspace !== actor.workspace || (before !== null && before.workspace !== actor.workspace))
  if (foreign) throw new Refusal('forbidden', 'you manage the people of your own workspace only')
}

/** The roles an actor gives and takes. A key gives what it could do itself, and neither an owner nor the record. */
export function rolesGivenBy(actor: Actor): readonly Role[] {
  if (actor.kind === 'operator') return roles
  if (actor.kind === 'person') return roles.filter((role) => actor.roles.some((held) => givenBy[held].includes(role)))
  return roles.filter((role) => role !== 'owner' && !isRecordRole(role) && roleScopes[role].every((scope) => allows(actor, scope)))
}

/** Roles of the record that somebody would have and did not have, or not that far. */
export function addedRecordRoles({ before, after }: Grant): Role[] {
  const same = before?.workspace === after.workspace
  return recordRoles.filter((role) => after.roles.includes(role) && !(same && before?.roles.includes(role)))
}
