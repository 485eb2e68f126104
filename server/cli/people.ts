import type { Command } from 'commander'
import { roles } from '../../contract/people.ts'
import { addMember, memberWithEmail } from '../people/members.ts'
import { makeSignInLink } from '../people/sign-in.ts'
import { workspaceNamed } from '../people/workspaces.ts'
import { say, sayBare, sayJson, shortTime } from './say.ts'
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
