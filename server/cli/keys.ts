import type { Command } from 'commander'
import { scopes } from '../../contract/people.ts'
import { type ApiKey, createKey, listKeys, revokeKey } from '../people/api-keys.ts'
import { workspaceNamed } from '../people/workspaces.ts'
import { durationInDays } from './duration.ts'
import { say, sayBare, sayJson, shortTime, table } from './say.ts'
import { withLedger } from './with-ledger.ts'

interface CreateOptions {
  name: string
  scope: string[]
  workspace?: string
  expires?: number
  json?: boolean
}

export function keyCommands(daybook: Command): void {
  const key = daybook.command('key').description('API keys: what programs come in with')
  key
    .command('create')
    .description('make a key; its text is shown once and never again')
    .requiredOption('--name <name>', 'what it is for')
    .requiredOption('--scope <scope...>', `what it may do: ${scopes.join(', ')}`)
    .option('--workspace <workspace>', 'id or name of the one workspace it is for; without it, the whole organization')
    .option('--expires <time>', 'when it ends, from now: 12h, 90d, 2w, 1y; without it, never', durationInDays)
    .option('--json', 'print one JSON document')
    .action(create)
  key.command('list').description('show the keys there are').option('--json', 'print one JSON document').action(list)
  key
    .command('revoke')
    .description('end a key at once')
    .argument('<id>', 'the id of the key')
    .option('--json', 'print one JSON document')
    .action(revoke)
}

async function create({ name, scope, workspace, expires, json }: CreateOptions): Promise<void> {
  const made = await withLedger(async (ctx) => {
    const bound = workspace === undefined ? null : await workspaceNamed(ctx.ledger, workspace)
    const only = bound && { number: bound.number, id: bound.id, name: bound.name }
    return createKey(ctx, { name, scopes: scope, workspace: only, expiresInDays: expires ?? null })
  })
  if (json) return sayJson(made)
  const reach = workspace === undefined ? 'the whole organization' : `the workspace ${workspace}`
  const end = made.expires_at === null ? 'it never ends by itself' : `it ends on ${shortTime(made.expires_at)} UTC`
  say(`The key ${name} is for ${reach}: ${made.scopes.join(', ')}; ${end}. This is its text, shown only now:`)
  if (process.stdout.isTTY) say(`  ${made.key}`)
  sayBare(made.key)
}

async function list({ json }: { json?: boolean }): Promise<void> {
  const { keys, now } = await withLedger(async ({ ledger }) => ({ keys: await listKeys(ledger), now: ledger.clock.now().toString() }))
  if (json) return sayJson(keys)
  if (keys.length === 0) return say('There is no key yet: make one with "daybook key create --name … --scope …"')
  const rows = keys.map((key) => [
    key.id,
    key.name,
    `…${key.last_four}`,
    key.scopes.join(','),
    key.workspace_id ?? 'organization',
    shortTime(key.last_used_at),
    stateOf(key, now),
  ])
  say(...table(['ID', 'NAME', 'KEY', 'SCOPES', 'WORKSPACE', 'LAST USED (UTC)', 'STATE'], rows))
}

function stateOf({ revoked_at, expires_at }: ApiKey, now: string): string {
  if (revoked_at !== null) return 'revoked'
  if (expires_at === null) return 'never ends'
  return `${Date.parse(expires_at) <= Date.parse(now) ? 'ended' : 'ends'} ${shortTime(expires_at)}`
}

async function revoke(id: string, { json }: { json?: boolean }): Promise<void> {
  await withLedger((ctx) => revokeKey(ctx, { id }))
  if (json) return sayJson({ id, revoked: true })
  say(`The key ${id} is revoked: nobody comes in with it any more.`)
}
