import { type Command, InvalidArgumentError, Option } from 'commander'
import { type PrivacyMode, privacyModes, type ViewerDetail, viewerDetails } from '../../contract/workspaces.ts'
import { createWorkspace, listWorkspaces, setWorkspace, type WorkspaceRow, workspaceNamed } from '../people/workspaces.ts'
import { say, sayBare, sayJson, table } from './say.ts'
import { withLedger } from './with-ledger.ts'

interface CreateOptions {
  name: string
  region?: 'us' | 'eu'
  seats?: number
  industry?: string
  id?: string
  privacy?: PrivacyMode
  viewerDetail?: ViewerDetail
  json?: boolean
}

interface SetOptions extends Pick<CreateOptions, 'seats' | 'privacy' | 'viewerDetail' | 'json'> {
  name?: string
  hideGptAnalytics?: 'on' | 'off'
}

const privacy = () => new Option('--privacy <mode>', 'whom the counts name').choices(privacyModes)
const detail = () => new Option('--viewer-detail <detail>', 'what analytics viewers see').choices(viewerDetails)

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
    .addOption(privacy())
    .addOption(detail())
    .option('--json', 'print one JSON document')
    .action(create)
  workspace
    .command('set')
    .description('change what is said, and nothing else')
    .argument('<workspace>', 'its id, or its name where only one is called so')
    .option('--name <name>', 'what it is called from now on')
    .option('--seats <number>', 'seats that are paid for', wholeNumber)
    .addOption(privacy())
    .addOption(detail())
    .addOption(new Option('--hide-gpt-analytics <state>', 'leave GPT messages out of what is shown').choices(['on', 'off']))
    .option('--json', 'print one JSON document')
    .action(set)
  workspace.command('list').description('show the workspaces there are').option('--json', 'print one JSON document').action(list)
}

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number.')
}

async function create({ json, privacy: privacyMode, ...wanted }: CreateOptions): Promise<void> {
  const { id, name } = await withLedger((ctx) => createWorkspace(ctx, { ...wanted, privacyMode }))
  const { region = null, seats = null, industry = null } = wanted
  if (json) return sayJson({ id, name, kind: 'empty', region, seats, industry })
  say(`The workspace ${name} is there: ${id}`, `Import chats into it: daybook import chatgpt-export <path> --workspace ${id}`)
  sayBare(id)
}

async function set(named: string, { json, privacy: privacyMode, hideGptAnalytics, ...wanted }: SetOptions): Promise<void> {
  const hides = hideGptAnalytics === undefined ? undefined : hideGptAnalytics === 'on'
  const row = await withLedger(async (ctx) => {
    const { number, id, name } = await workspaceNamed(ctx.ledger, named)
    await setWorkspace(ctx, { ...wanted, workspace: { number, id, name }, privacyMode, hideGptAnalytics: hides })
    return workspaceNamed(ctx.ledger, id)
  })
  if (json) return sayJson(documentOf(row))
  say(`The workspace ${row.name} has been changed.`)
}

function documentOf({ number, createdAt, privacyMode, viewerDetail, hideGptAnalytics, ...one }: WorkspaceRow) {
  const settings = { privacy_mode: privacyMode, viewer_detail: viewerDetail, hide_gpt_analytics: hideGptAnalytics }
  return { ...one, created_at: createdAt, ...settings }
}

async function list({ json }: { json?: boolean }): Promise<void> {
  const all = await withLedger(({ ledger }) => listWorkspaces(ledger))
  if (json) return sayJson(all.map(documentOf))
  if (all.length === 0) return say('There is no workspace yet: make one with "daybook workspace create --name …"')
  say(
    ...table(
      ['ID', 'NAME', 'KIND', 'REGION', 'PRIVACY', 'VIEWERS SEE', 'GPT ANALYTICS'],
      all.map((row) => [
        row.id,
        row.name,
        row.kind,
        row.region ?? '-',
        row.privacyMode,
        row.viewerDetail,
        row.hideGptAnalytics ? 'hidden' : 'shown',
      ]),
    ),
  )
}
