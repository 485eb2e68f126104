import { type Command, Option } from 'commander'
import { scopes } from '../../contract/people.ts'
import { type ApiKey, listKeys } from '../people/api-keys.ts'
import { createKey, revokeKey, rotateKey } from '../people/api-keys-change.ts'
import { workspaceNamed } from '../people/workspaces.ts'
import { durationInDays } from './duration.ts'
import { say, sayBare, sayJson, shortTime, table } from './say.ts'
import { withLedger } from './with-ledger.ts'

interface CreateOptions {
  name: string
  scope: string[]
  workspace?: string
  expires: Lifetime
  network?: string[]
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
    .addOption(lifetimeOption('when it ends'))
    .option('--network <range...>', 'where it may be used from, such as 192.0.2.0/24; without it, anywhere')
    .option('--json', 'print one JSON document')
    .action(create)
  key.command('list').description('show the keys there are').option('--json', 'print one JSON document').action(list)
  key
    .command('rotate')
    .description('make a key in place of another, with the same scopes, workspace and networks')
    .argument('<id>', 'the id of the key to replace')
    .addOption(new Option('--overlap <time>', 'how long the old key still works').argParser(durationInDays).default(1, '1d'))
    .addOption(lifetimeOption('when the new key ends'))
    .option('--json', 'print one JSON document')
    .action(rotate)
  key
    .command('revoke')
    .description('end a key at once')
    .argument('<id>', 'the id of the key')
    .option('--json', 'print one JSON document')
    .action(revoke)
}

type Lifetime = number | 'never'

function lifetimeOption(what: string): Option {
  const parse = (text: string): Lifetime => (text === 'never' ? text : durationInDays(text))
  return new Option('--expires <time>', `${what}, from now: 12h, 90d, 2w, 1y, or never`).argParser(parse).default(90, '90d')
}

/** commander takes a null for an option without a value. */
const daysOf = (lifetime: Lifetime) => (lifetime === 'never' ? null : lifetime)

async function create({ name, scope, workspace, expires, network = [], json }: CreateOptions): Promise<void> {
  const made = await withLedger(async (ctx) => {
    const bound = workspace === undefined ? null : await workspaceNamed(ctx.ledger, workspace)
    const only = bound && { number: bound.number, id: bound.id, name: bound.name }
    return createKey(ctx, { name, scopes: scope, workspace: only, expiresInDays: daysOf(expires), networks: network })
  })
  if (json) return sayJson(made)
  const reach = workspace === undefined ? 'the whole organization' : `the workspace ${workspace}`
  const end = made.expires_at === null ? 'it never ends by itself' : `it ends on ${shortTime(made.expires_at)} UTC`
  const from = made.networks.length === 0 ? '' : ` from ${made.networks.join(', ')}`
  say(`The key ${name} is for ${reach}${from}: ${made.scopes.join(', ')}; ${end}. This is its text, shown only now:`)
  sayKey(made.key)
}

async function rotate(id: string, { overlap, expires, json }: { overlap: number; expires: Lifetime; json?: boolean }): Promise<void> {
  const made = await withLedger((ctx) => rotateKey(ctx, { id, overlap_hours: overlap * 24, expires_in_days: daysOf(expires) }))
  if (json) return sayJson(made)
  say(
    `The key ${made.name} has a successor; the old one ends on ${shortTime(made.replaces.expires_at)} UTC. This is the new text, shown only now:`,
  )
  sayKey(made.key)
}

function sayKey(text: string): void {
  if (process.stdout.isTTY) say(`  ${text}`)
  sayBare(text)
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
    key.networks.join(',') || 'anywhere',
    shortTime(key.last_used_at),
    stateOf(key, now),
  ])
  say(...table(['ID', 'NAME', 'KEY', 'SCOPES', 'WORKSPACE', 'FROM', 'LAST USED (UTC)', 'STATE'], rows))
}

function stateOf({ revoked_at, expires_at, flagged_at }: ApiKey, now: string): string {
  if (revoked_at !== null) return 'revoked'
  if (flagged_at !== null) return 'flagged: see its maker'
  if (expires_at === null) return 'never ends'
  return `${Date.parse(expires_at) <= Date.parse(now) ? 'ended' : 'ends'} ${shortTime(expires_at)}`
}

async function revoke(id: string, { json }: { json?: boolean }): Promise<void> {
  await withLedger((ctx) => revokeKey(ctx, { id }))
  if (json) return sayJson({ id, revoked: true })
  say(`The key ${id} is revoked: nobody comes in with it any more.`)
}
