import { allows, type Ledger } from '../ledger/context.ts'
import { type ApiKey, listKeys } from '../people/api-keys.ts'
import { listMembers, type Member } from '../people/members.ts'
import type { Person } from '../people/session.ts'
import { organizationName } from '../people/settings.ts'
import { listWorkspaces, type WorkspaceRow } from '../people/workspaces.ts'
import { type Counts, countsOf } from './counts.ts'

export interface CountedWorkspace extends WorkspaceRow {
  readonly counts: Counts
}

/** What a person's home says; null is what their roles do not show. */
export interface Home {
  readonly person: Person
  /** As people and connectors see this server. */
  readonly origin: string
  readonly organization: { readonly id: string; readonly name: string }
  readonly workspaces: readonly CountedWorkspace[] | null
  readonly keys: readonly ApiKey[] | null
  readonly members: readonly Member[] | null
}

export async function homeOf(ledger: Ledger, person: Person, origin: string): Promise<Home> {
  const may = (...scopes: Parameters<typeof allows>[1][]) => scopes.some((scope) => allows(person, scope))
  return {
    person,
    origin,
    organization: { id: ledger.organization.id, name: await organizationName(ledger) },
    workspaces: may('directory:read', 'analytics:read') ? await counted(ledger, person) : null,
    keys: may('keys:manage') ? await liveKeys(ledger, person) : null,
    members: may('people:manage', 'directory:read') ? await activeMembers(ledger, person) : null,
  }
}

async function counted(ledger: Ledger, { workspace }: Person): Promise<CountedWorkspace[]> {
  const all = (await listWorkspaces(ledger)).filter(({ number }) => workspace === null || number === workspace)
  return Promise.all(all.map(async (one) => ({ ...one, counts: await countsOf(ledger, one.number) })))
}

/** People who can come in today; those who were shut out stay in /api/members and in "daybook person list". */
async function activeMembers(ledger: Ledger, { workspace }: Person): Promise<Member[]> {
  return (await listMembers(ledger, workspace)).filter(({ deactivated_at }) => deactivated_at === null)
}

/** Keys that let somebody in today. Those that ended stay in the access record and in "daybook key list". */
async function liveKeys(ledger: Ledger, { workspace }: Person): Promise<ApiKey[]> {
  const own = (await listWorkspaces(ledger)).find(({ number }) => number === workspace)?.id ?? null
  const now = ledger.clock.now().epochMilliseconds
  return (await listKeys(ledger)).filter(
    ({ revoked_at, expires_at, workspace_id }) =>
      revoked_at === null && (expires_at === null || Date.parse(expires_at) > now) && (workspace === null || workspace_id === own),
  )
}
