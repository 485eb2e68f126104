import { type Command, InvalidArgumentError, Option } from 'commander'
import { createWorkspace, listWorkspaces } from '../people/workspaces.ts'
import { say, sayBare, sayJson, table } from './say.ts'
import { withLedger } from './with-ledger.ts'

interface CreateOptions {
  name: string
  region?: 'us' | 'eu'
  seats?: number
  industry?: string
  id?: string
  json?: boolean
}

export function workspaceCommands(daybook: Command): void {
  const workspace = daybook.command('workspace').description('workspaces: what a source and its people belong to')
  workspace
    .command('create')
    .description('make a workspace')
    .requiredOption('--name <name>', 'what it is called; names need not be unique')
    .addOption(new Option('--region <region>', 'where its data are kept').choices(['us', 'eu']))
    .option('--seats <number>', 'seats that are paid for', wholeNumber)
    .option('--industry <industry>', 'for comparisons with others of its kind')
    .option('--id <uuid>', "the source's own id, so that its connectors find it")
    .option('--json', 'print one JSON document')
    .action(create)
  workspace.command('list').description('show the workspaces there are').option('--json', 'print one JSON document').action(list)
}

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number.')
}

async function create({ json, ...wanted }: CreateOptions): Promise<void> {
  const { id, name } = await withLedger((ctx) => createWorkspace(ctx, wanted))
  const { region = null, seats = null, industry = null } = wanted
  if (json) return sayJson({ id, name, kind: 'empty', region, seats, industry })
  say(`The workspace ${name} is there: ${id}`, `Import chats into it: daybook import chatgpt-export <path> --workspace ${id}`)
  sayBare(id)
}

async function list({ json }: { json?: boolean }): Promise<void> {
  const all = await withLedger(({ ledger }) => listWorkspaces(ledger))
  if (json) return sayJson(all.map(({ number, createdAt, ...one }) => ({ ...one, created_at: createdAt })))
  if (all.length === 0) return say('There is no workspace yet: make one with "daybook workspace create --name …"')
  say(
    ...table(
      ['ID', 'NAME', 'KIND', 'REGION'],
      all.map(({ id, name, kind, region }) => [id, name, kind, region ?? '-']),
    ),
  )
}
