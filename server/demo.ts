import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import type { Scope } from '../contract/people.ts'
import { type ImportStep, runImport } from './intake/import-run.ts'
import { chatgptExport } from './intake/sources.ts'
import type { Ledger, Workspace } from './ledger/context.ts'
import { listKeys } from './people/api-keys.ts'
import { createKey, revokeKey } from './people/api-keys-change.ts'
import { operatorContext } from './people/operator.ts'
import { createWorkspace, listWorkspaces, type WorkspaceRow } from './people/workspaces.ts'
import { usualMessagesPerPerson } from './simulate/plan.ts'
import { planOf, simulate } from './simulate/run.ts'

const sampleFolder = join(import.meta.dirname, '..', 'sample')

/** Loads the sample once per data directory, through the importer that everybody uses; one that was broken off goes on. */
export async function loadSample(ledger: Ledger): Promise<void> {
  const ctx = operatorContext(ledger)
  const there = (await listWorkspaces(ledger)).find(({ kind }) => kind === 'sample')
  if (there && (await isLoaded(ledger, there))) return
  const workspace = there ?? (await createWorkspace(ctx, { name: 'Sample: real chats', kind: 'sample' }))
  await runImport(ctx, {
    from: chatgptExport,
    paths: [sampleFolder],
    workspace,
    dryRun: false,
    nameAll: false,
    onProgress: () => undefined,
  })
}

/** How large the simulated company of a demo is; without people there is none. */
export interface DemoCompany {
  readonly people: number
  readonly days: number
  readonly seed: string
}

/** Told how far the loading of a workspace is. */
export type DemoProgress = (name: string) => { step(step: ImportStep): void; stop(): void }

/**
 * Loads two simulated companies once per data directory, the second a small one in the EU region. They end on the day before their
 * workspace was made, so that one whose loading was broken off is gone on with as the company that it is.
 */
export async function loadSimulated(ledger: Ledger, company: DemoCompany, progress: DemoProgress): Promise<void> {
  if (company.people === 0) return
  const small = { ...company, people: Math.max(12, Math.ceil(company.people / 10)) }
  const there = (await listWorkspaces(ledger)).filter(({ kind }) => kind === 'simulated')
  const wanted = [
    { name: `Simulated: ${company.people} people`, region: 'us' as const, company },
    { name: `Simulated: ${small.people} people in the EU`, region: 'eu' as const, company: small },
  ]
  for (const [position, { name, region, company: its }] of wanted.entries()) {
    const known = there[position]
    if (known && (await isLoaded(ledger, known))) continue
    const workspace = known ?? (await makeSimulated(ledger, name, region))
    const until = Temporal.Instant.from(workspace.createdAt).toZonedDateTimeISO('UTC').toPlainDate().subtract({ days: 1 })
    const plan = planOf(ledger, { ...its, until: until.toString(), messagesPerPerson: usualMessagesPerPerson }, position)
    const shown = progress(name)
    try {
      await simulate(operatorContext(ledger), { workspace, plan, late: false, onProgress: shown.step })
    } finally {
      shown.stop()
    }
  }
}

async function makeSimulated(ledger: Ledger, name: string, region: 'us' | 'eu'): Promise<WorkspaceRow> {
  const { id } = await createWorkspace(operatorContext(ledger), { name, kind: 'simulated', region })
  const made = (await listWorkspaces(ledger)).find((workspace) => workspace.id === id)
  if (!made) throw new Error('the workspace that was made is not there')
  return made
}

/** An import that began and did not end has left its progress behind; one that never began has left nothing at all. */
async function isLoaded(ledger: Ledger, workspace: Workspace): Promise<boolean> {
  const { reader } = ledger.database
  const mine = (table: 'import_progress' | 'item') =>
    reader
      .selectFrom(table)
      .select('workspace_id')
      .where('organization_id', '=', ledger.organization.number)
      .where('workspace_id', '=', workspace.number)
      .limit(1)
      .executeTakeFirst()
  return (await mine('import_progress')) === undefined && (await mine('item')) !== undefined
}

const demoScopes: Record<string, Scope[]> = {
  compliance: ['compliance:read'],
  compliance_delete: ['compliance:read', 'compliance:delete'],
  activity: ['activity:read'],
  analytics: ['analytics:read'],
  ingest: ['ingest:write'],
  scim: ['scim:manage'],
  integrity: ['integrity:read'],
}
const demoPrefix = 'Demo (made anew at every start): '

/** Keys to try things with, for the whole organization and one day. Those of the start before end now. */
export async function makeDemoKeys(ledger: Ledger): Promise<Record<string, string>> {
  const ctx = operatorContext(ledger)
  for (const { id, name, revoked_at } of await listKeys(ledger))
    if (name.startsWith(demoPrefix) && revoked_at === null) await revokeKey(ctx, { id })
  const keys: Record<string, string> = {}
  for (const [name, scopes] of Object.entries(demoScopes)) {
    const { key } = await createKey(ctx, { name: `${demoPrefix}${name}`, scopes, workspace: null, expiresInDays: 1 })
    keys[name] = key
  }
  return keys
}
