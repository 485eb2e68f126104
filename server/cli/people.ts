import type { Command } from 'commander'
import { roles } from '../../contract/people.ts'
import { addMember, listMembers, type Member, memberWithEmail } from '../people/members.ts'
import { deactivateMember, reactivateMember } from '../people/members-leave.ts'
import { makeSignInLink } from '../people/sign-in.ts'
import { workspaceNamed } from '../people/workspaces.ts'
import { count, say, sayBare, sayJson, shortTime, table } from './say.ts'
import { withLedger } from './with-ledger.ts'

interface AddOptions {
  email: string
  role: string[]
  workspace?: string
  json?: boolean
}

export function personCommands(daybook: Command): void {
  const person = daybook.command('person').description('people who sign in to Daybook')
  person
    .command('add')
    .description('let somebody in, or give somebody other roles')
    .requiredOption('--email <address>', 'who it is')
    .requiredOption('--role <role...>', `what they may do: ${roles.join(', ')}`)
    .option('--workspace <workspace>', 'id or name of the one workspace it is for; without it, the whole organization')
    .option('--json', 'print one JSON document')
    .action(add)
  person
    .command('link')
    .description('make a one-time sign-in link; it works once, within 15 minutes')
    .requiredOption('--email <address>', 'whose link it is')
    .option('--json', 'print one JSON document')
    .action(link)
  person.command('list').description('show who may come in').option('--json', 'print one JSON document').action(list)
  person
    .command('deactivate')
    .description('shut somebody out at once; what they did stays')
    .requiredOption('--email <address>', 'who it is')
    .option('--revoke-keys', 'revoke the keys they made; without it they go on working and are flagged')
    .option('--json', 'print one JSON document')
    .action(deactivate)
  person
    .command('reactivate')
    .description('let somebody in again, without the roles of the record')
    .requiredOption('--email <address>', 'who it is')
    .option('--json', 'print one JSON document')
    .action(reactivate)
}

async function add({ email, role, workspace, json }: AddOptions): Promise<void> {
  const added = await withLedger(async (ctx) => {
    const bound = workspace === undefined ? null : await workspaceNamed(ctx.ledger, workspace)
    const only = bound && { number: bound.number, id: bound.id, name: bound.name }
    return addMember(ctx, { email, roles: role, workspace: only })
  })
  if (json) return sayJson(added)
  const where = workspace === undefined ? 'for the whole organization' : `in the workspace ${workspace}`
  say(`${email} ${added.changed ? 'is now' : 'has been added as'} ${added.roles.join(', ')} ${where}.`)
  say(`Let them sign in: daybook person link --email ${email}`)
}

async function link({ email, json }: { email: string; json?: boolean }): Promise<void> {
  const made = await withLedger(async (ctx) => {
    const { id } = await memberWithEmail(ctx.ledger, email)
    const { config } = ctx.ledger
    const { originOf } = await import('../main.ts')
    return makeSignInLink(ctx, { memberId: id, origin: config.url ?? originOf(config, config.port) })
  })
  if (json) return sayJson(made)
  say(`This link signs ${email} in, once, until ${shortTime(made.expires_at)} UTC:`)
  if (process.stdout.isTTY) say(`  ${made.url}`)
  sayBare(made.url)
}

async function list({ json }: { json?: boolean }): Promise<void> {
  const members = await withLedger(({ ledger }) => listMembers(ledger, null))
  if (json) return sayJson(members)
  if (members.length === 0) return say('Nobody may come in yet: add somebody with "daybook person add --email … --role …"')
  say(...table(['E-MAIL', 'ROLES', 'WORKSPACE', 'STATE'], members.map(rowOf)))
}

function rowOf({ email, roles: held, workspace_id, primary_owner, deactivated_at }: Member): string[] {
  const state = deactivated_at === null ? 'active' : `deactivated ${shortTime(deactivated_at)}`
  return [email, `${held.join(',')}${primary_owner ? ' (primary)' : ''}`, workspace_id ?? 'organization', state]
}

async function deactivate({ email, revokeKeys, json }: { email: string; revokeKeys?: boolean; json?: boolean }): Promise<void> {
  const gone = await withLedger(async (ctx) => {
    const { id } = await memberWithEmail(ctx.ledger, email)
    return deactivateMember(ctx, { id, keys: revokeKeys ? 'revoke' : 'flag' })
  })
  if (json) return sayJson(gone)
  const ended = `${count(gone.sessions_ended, 'session')} ended`
  say(`${email} cannot come in any more: ${ended}, ${count(gone.keys.length, 'key')} ${revokeKeys ? 'revoked' : 'flagged'}.`)
}

async function reactivate({ email, json }: { email: string; json?: boolean }): Promise<void> {
  const back = await withLedger(async (ctx) => reactivateMember(ctx, { id: (await memberWithEmail(ctx.ledger, email)).id }))
  if (json) return sayJson(back)
  say(`${email} can come in again, as ${back.roles.join(', ')}.`)
}
