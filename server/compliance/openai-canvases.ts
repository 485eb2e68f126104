import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import type { Context } from '../ledger/context.ts'
import { isObject } from '../ledger/json.ts'
import { question } from '../ledger/question.ts'
import { workspaceOf } from '../people/workspaces.ts'
import { Refusal } from '../platform/refusal.ts'
import { findHeld, type Held, heldAt, versionSeqs } from './held-items.ts'
import { demandPerson, listQuestion } from './held-questions.ts'
import { secondsOr, textOrNull } from './openai-common.ts'
import { present } from './openai-conversations.ts'
import { cursor, itemId, limit, noted, userId, workspaceId } from './openai-parameters.ts'

export const canvasesQuery = z.object({ after: cursor, limit: limit(30, 30) })

/** GET …/users/{user_id}/canvases: ids alone, the oldest first. */
export const canvases = listQuestion({
  action: 'canvases.list',
  kind: 'canvas',
  input: canvasesQuery.extend({ workspace_id: workspaceId, user_id: userId }),
  build: (_ctx, items) => items.map(({ id }) => ({ id })),
})

export const canvasQuery = z.object({
  after: z
    .string('after must be given once')
    .regex(/^\d{1,15}$/, 'after must be the number of a version')
    .transform(Number)
    .nullable()
    .default(null)
    .describe('last_version of the page before'),
  limit: limit(30, 30),
})

/** GET …/users/{user_id}/canvas/{textdoc_id}: a canvas with its versions in ascending order. */
export const canvas = question({
  action: 'canvases.read',
  scope: 'compliance:read',
  input: canvasQuery.extend({ workspace_id: workspaceId, user_id: userId, textdoc_id: itemId('textdoc_id') }),
  workspace: (ctx, input) => workspaceOf(ctx, input.workspace_id),
  query: noted,
  async ask(ctx, input, workspace) {
    const its = present(workspace)
    const item = await findHeld(ctx, its.number, 'canvas', input.textdoc_id)
    if (item.person !== (await demandPerson(ctx, its, input.user_id))) throw nowhere()
    const places = await placesOf(ctx, item.number)
    const rest = places.filter(({ version }) => version > (input.after ?? -1))
    const page = rest.slice(0, input.limit)
    const data = await versionsAt(ctx, item.number, page)
    // A canvas is erased as a whole: it went while it was being read.
    if (data.length < page.length) throw nowhere()
    const versions = { object: 'list', data, last_version: data.at(-1)?.version ?? null, has_more: rest.length > data.length }
    const type = textOrNull(item.record.type) ?? 'document'
    return { ids: [item.id], result: { textdoc_id: item.id, textdoc_type: type, version_contents: versions } }
  },
})

const nowhere = () => new Refusal('not_found', 'there is no such canvas')

interface CanvasVersion {
  readonly content: string
  /** ISO: the one time of the export API that is not a number. */
  readonly updated_at: string
  readonly version: number
  readonly name: string | null
  readonly comments: readonly object[]
}

interface Place {
  readonly version: number
  readonly seq: number
}

/** By the numbers that the source gives them, else counted on; of several states of one number the newest. */
async function placesOf(ctx: Context, number: number): Promise<Place[]> {
  const byNumber = new Map<number, Place>()
  let version = 0
  for await (const { record, seq } of heldAt(ctx, number, await versionSeqs(ctx, number))) {
    version = typeof record.version === 'number' ? record.version : version + 1
    byNumber.set(version, { version, seq })
  }
  return [...byNumber.values()].sort((a, b) => a.version - b.version)
}

async function versionsAt(ctx: Context, number: number, places: readonly Place[]): Promise<CanvasVersion[]> {
  const versionOf = new Map(places.map(({ version, seq }) => [seq, version]))
  const seqs = places.map(({ seq }) => seq)
  return Array.fromAsync(heldAt(ctx, number, seqs), (item) => versionObject(item, versionOf.get(item.seq) ?? 0))
}

function versionObject({ record, valid_at }: Held, version: number): CanvasVersion {
  return {
    content: textOrNull(record.content) ?? '',
    updated_at: Temporal.Instant.fromEpochMilliseconds(Math.round(secondsOr(record.updated_at, valid_at) * 1000)).toString(),
    version,
    name: textOrNull(record.name),
    comments: Array.isArray(record.comments) ? record.comments.filter(isObject).map(commentObject) : [],
  }
}

function commentObject({ id, start, end, content, text }: { [field: string]: unknown }, place: number) {
  const from = typeof start === 'number' ? start : 0
  return {
    type: 'comment',
    id: textOrNull(id) ?? String(place + 1),
    start: from,
    end: typeof end === 'number' ? end : from,
    content: textOrNull(content) ?? textOrNull(text) ?? '',
  }
}
