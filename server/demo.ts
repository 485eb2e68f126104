import { join } from 'node:path'
import type { Scope } from '../contract/people.ts'
import { runImport } from './intake/import-run.ts'
import { chatgptExport } from './intake/sources.ts'
import type { Ledger, Workspace } from './ledger/context.ts'
import { createKey, listKeys, revokeKey } from './people/api-keys.ts'
import { operatorContext } from './people/operator.ts'
import { createWorkspace, listWorkspaces } from './people/workspaces.ts'

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
