import { z } from 'zod'
import type { Context, Workspace } from '../ledger/context.ts'
import { question } from '../ledger/question.ts'
import { workspaceOf } from '../people/workspaces.ts'
import { Refusal } from '../platform/refusal.ts'
import { configId, configObject } from './asset-configs.ts'
import { type AssetKind, isForeign, recipientsOf, sharingObject } from './asset-sharing.ts'
import { fileIds } from './conversation-parts.ts'
import { loadHeldFiles } from './files-held.ts'
import { findHeld, type Held, heldAt, heldBefore, heldBySource, versionSeqs } from './held-items.ts'
import { itemQuestion, listQuestion } from './held-questions.ts'
import { type FileFormat, secondsOr, textOrNull, wholeList } from './openai-common.ts'
import { present } from './openai-conversations.ts'
import { cursor, fileFormat, itemId, limit, noted, origin, workspaceId } from './openai-parameters.ts'
import { sharedUsersQuestion } from './openai-shared-users.ts'
import { loadPeople } from './people-named.ts'

export const assetsQuery = z.object({ after: cursor, limit: limit(20, 100), file_format: fileFormat })
export const assetQuery = z.object({ file_format: fileFormat })

const list = assetsQuery.extend({ workspace_id: workspaceId, origin })
const one = assetQuery.extend({ workspace_id: workspaceId, asset_id: itemId('id'), origin })

/** The questions about GPTs, or about projects, which mirror them. */
export function assetQuestions(kind: AssetKind) {
  const build = (ctx: Context, items: readonly Held[], { workspace, asked }: About) => assetObjects(ctx, kind, items, { workspace, asked })
  return {
    /** GET …/gpts: those of the workspace that are in use: no drafts, none of others. */
    all: listQuestion({ action: `${kind}s.list`, kind, input: list, choose: inUse, build }),
    /** GET …/gpts/{id}: also a deleted one that conversations name, and of a public one of others what is public. */
    one: itemQuestion({ action: `${kind}s.read`, kind, input: one, id: ({ asset_id }) => asset_id, choose: live, build }),
    configs: configsQuestion(kind),
    sharedUsers: sharedUsersQuestion(kind, live),
  }
}

interface About {
  workspace: Workspace
  asked: { file_format: FileFormat; origin: string }
}

async function inUse(ctx: Context, items: readonly Held[]): Promise<Held[]> {
  const shown = await liveVersions(
    ctx,
    items.filter(({ deleted_at }) => deleted_at === null),
  )
  return shown.filter(({ record }) => !isForeign(record))
}

/** The version of an item that is in use; null: it was never more than a draft. */
async function live(ctx: Context, item: Held): Promise<Held | null> {
  return (await liveVersions(ctx, [item]))[0] ?? null
}

const isDraft = ({ record }: Held) => record.config_type === 'draft'

/** While a new version is only a draft, the one before it is in use; what was never more than a draft is left out. */
async function liveVersions(ctx: Context, items: readonly Held[]): Promise<Held[]> {
  const before = new Map<number, Held>()
  for (let drafts = items.filter(isDraft); drafts.length > 0; ) {
    const older = await heldBefore(ctx, drafts)
    for (const item of older) if (!isDraft(item)) before.set(item.number, item)
    drafts = older.filter(isDraft)
  }
  return items.flatMap((item) => (isDraft(item) ? (before.get(item.number) ?? []) : item))
}

async function assetObjects(ctx: Context, kind: AssetKind, items: readonly Held[], about: About): Promise<object[]> {
  const recipients = items.flatMap(({ record }) => recipientsOf(record).map(({ id }) => id))
  const [owners, people, shown] = await Promise.all([
    loadPeople(
      ctx,
      items.map(({ person }) => person),
    ),
    heldBySource(ctx, about.workspace.number, 'person', recipients),
    configView(ctx, items, about),
  ])
  const options = { people, recipients: ctx.ledger.config.recipients }
  return items.map((item) => {
    const owner = item.person === null ? undefined : owners.get(item.person)
    const common = {
      object: `compliance.workspace.${kind}`,
      id: item.id,
      builder_name: textOrNull(item.record.builder_name) ?? 'Community Builder',
      latest_config: wholeList([configObject(ctx, kind, item, shown)]),
    }
    if (isForeign(item.record)) return common
    return {
      ...common,
      created_at: secondsOr(item.record.created_at, item.first_at),
      owner_id: owner?.id ?? null,
      owner_email: owner?.email ?? null,
      sharing: sharingObject(kind, item, options),
    }
  })
}

async function configView(ctx: Context, items: readonly Held[], { workspace, asked }: About) {
  const ids = items.flatMap(({ record }) => fileIds(record))
  return {
    files: await loadHeldFiles(ctx, [workspace.number], ids),
    view: { format: asked.file_format, place: { origin: asked.origin, workspace: workspace.number } },
  }
}

/** GET …/gpts/{id}/configs: every version that was in use, the newest first. */
function configsQuestion(kind: AssetKind) {
  return question({
    action: `${kind}s.configs`,
    scope: 'compliance:read',
    input: list.extend({ asset_id: itemId('id') }),
    workspace: (ctx, input) => workspaceOf(ctx, input.workspace_id),
    query: noted,
    async ask(ctx, input, workspace) {
      const its = present(workspace)
      const item = await findHeld(ctx, its.number, kind, input.asset_id)
      const seqs = (await versionSeqs(ctx, item.number)).toReversed()
      const from = input.after === null ? 0 : seqs.findIndex((seq) => configId(kind, { number: item.number, seq }) === input.after) + 1
      if (input.after !== null && from === 0)
        throw new Refusal('not_found', 'the configuration named by "after" is not known', { param: 'after' })
      const found = await liveAt(ctx, item.number, { seqs: seqs.slice(from), most: input.limit + 1 })
      if (input.after === null && found.length === 0) throw new Refusal('not_found', `there is no such ${kind}`)
      const page = found.slice(0, input.limit)
      const shown = await configView(ctx, page, { workspace: its, asked: input })
      const data = page.map((version) => configObject(ctx, kind, version, shown))
      return { ids: [item.id], result: { ...wholeList(data), has_more: found.length > page.length } }
    },
  })
}

/** The first so many of some versions that were in use. */
async function liveAt(ctx: Context, number: number, { seqs, most }: { seqs: readonly number[]; most: number }): Promise<Held[]> {
  const found: Held[] = []
  for await (const version of heldAt(ctx, number, seqs)) {
    if (isDraft(version)) continue
    found.push(version)
    if (found.length === most) break
  }
  return found
}
