import type { Context } from '../ledger/context.ts'
import type { ConversationPage, Listed } from './conversation-list.ts'
import { type FileForm, loadNamed, type Named } from './conversation-parts.ts'
import { fetchGroup, groupsOf, type Loaded, openGroup, type SealedGroup, slicesOf } from './loaded.ts'
import { textOrNull } from './openai-common.ts'
import { messageJson } from './openai-objects.ts'
import { loadPeople, type Owner } from './people-named.ts'

/** What the texts of a page are made with. */
interface View {
  readonly owners: ReadonlyMap<number, Owner>
  readonly workspaceIds: ReadonlyMap<number, string>
  readonly form: FileForm
}

/** The page as JSON, piece by piece; the next conversations are fetched while these are written. */
export function pageJson(
  ctx: Context,
  page: ConversationPage,
  workspaceIds: ReadonlyMap<number, string>,
  form: FileForm,
): AsyncGenerator<Buffer> {
  return inPieces(pageTexts(ctx, page, workspaceIds, form))
}

/** A list envelope of one conversation's messages after a place in it. */
export function messagesJson(
  ctx: Context,
  row: Listed,
  form: FileForm,
  span: { after: number; most: number; hasMore: boolean },
): AsyncGenerator<Buffer> {
  return inPieces(messageListTexts(ctx, row, form, span))
}

/** Characters that are sent together. Neither a page nor a conversation ever has to fit into one string. */
const piece = 262_144

async function* inPieces(sections: AsyncIterable<Iterable<string>>): AsyncGenerator<Buffer> {
  let [texts, length]: [string[], number] = [[], 0]
  for await (const section of sections) {
    for (const text of section) {
      texts.push(text)
      length += text.length
      if (length < piece) continue
      yield bytesOf(texts)
      ;[texts, length] = [[], 0]
    }
  }
  yield bytesOf(texts)
}

/** Written one after the other: joined to one text first, each would be copied twice more, which takes longer than shaping it. */
function bytesOf(texts: readonly string[]): Buffer {
  const bytes = Buffer.allocUnsafe(texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0))
  let at = 0
  for (const text of texts) at += bytes.write(text, at)
  return bytes
}

async function* pageTexts(
  ctx: Context,
  { rows, hasMore }: ConversationPage,
  workspaceIds: ReadonlyMap<number, string>,
  form: FileForm,
): AsyncGenerator<Iterable<string>> {
  const [owners, groups] = await Promise.all([
    loadPeople(
      ctx,
      rows.map(({ person }) => person),
    ),
    groupsOf(ctx, rows),
  ])
  const view = { owners, workspaceIds, form }
  yield ['{"object":"list","data":[']
  let comma = false
  for await (const sealed of ahead(ctx, groups)) {
    const loaded = openGroup(ctx, sealed)
    if (comma) yield [',']
    comma = true
    if (loaded) yield groupTexts(loaded, view, await loadNamed(ctx, loaded, form, owners))
    else yield* largeGroupTexts(ctx, sealed.rows, view)
  }
  yield [`],"last_id":${JSON.stringify(rows.at(-1)?.id ?? null)},"has_more":${hasMore}}`]
}

/** Groups that the database is asked for before they are needed: it works on one while another is opened, on another processor. */
const groupsAhead = 2

async function* ahead(ctx: Context, groups: readonly Listed[][]): AsyncGenerator<SealedGroup> {
  const fetched = groups.slice(0, groupsAhead).map((group) => fetchAhead(ctx, group))
  for (let next = groupsAhead, group = fetched.shift(); group; group = fetched.shift(), next++) {
    const sealed = await group
    const rows = groups[next]
    if (rows) fetched.push(fetchAhead(ctx, rows))
    yield sealed
  }
}

/** An error is thrown where the group is awaited; until then it must not count as unhandled. */
function fetchAhead(ctx: Context, rows: readonly Listed[]): Promise<SealedGroup> {
  const fetched = fetchGroup(ctx, rows)
  fetched.catch(() => undefined)
  return fetched
}

function* groupTexts(loaded: readonly Loaded[], view: View, named: Named): Generator<string> {
  for (const [i, one] of loaded.entries()) {
    yield (i > 0 ? ',' : '') + headJson(one, view)
    yield* messageTexts(one, named, true)
    yield `${listEnd(one.messages.at(-1)?.wireId ?? null, false)}}`
  }
}

async function* largeGroupTexts(ctx: Context, rows: readonly Listed[], view: View): AsyncGenerator<Iterable<string>> {
  for (const [i, row] of rows.entries()) {
    let [headless, last]: [boolean, string | null] = [true, null]
    for await (const slice of slicesOf(ctx, row, { after: 0, most: Number.POSITIVE_INFINITY })) {
      if (headless) yield [(i > 0 ? ',' : '') + headJson(slice, view)]
      headless = false
      yield messageTexts(slice, await loadNamed(ctx, [slice], view.form, view.owners), last === null)
      last = slice.messages.at(-1)?.wireId ?? last
    }
    yield [`${listEnd(last, false)}}`]
  }
}

async function* messageListTexts(
  ctx: Context,
  row: Listed,
  form: FileForm,
  { after, most, hasMore }: { after: number; most: number; hasMore: boolean },
): AsyncGenerator<Iterable<string>> {
  const owners = await loadPeople(ctx, [row.person])
  yield ['{"object":"list","data":[']
  let last: string | null = null
  for await (const slice of slicesOf(ctx, row, { after, most })) {
    yield messageTexts(slice, await loadNamed(ctx, [slice], form, owners), last === null)
    last = slice.messages.at(-1)?.wireId ?? last
  }
  yield [listEnd(last, hasMore)]
}

/** Times must be numbers, and messages lie between them: a conversation without a time of its own takes those of its messages. */
function headJson({ row, record }: Loaded, { owners, workspaceIds }: View): string {
  const owner = row.person === null ? undefined : owners.get(row.person)
  const createdAt = row.created_at ?? row.first_message_at ?? row.changed_at
  const head = JSON.stringify({
    object: 'compliance.workspace.conversation',
    id: row.id,
    workspace_id: workspaceIds.get(row.workspace_id),
    user_id: owner?.id ?? null,
    user_email: owner?.email ?? null,
    created_at: createdAt,
    last_active_at: row.last_active_at ?? createdAt,
    title: textOrNull(record?.title),
  })
  return `${head.slice(0, -1)},"messages":{"object":"list","data":[`
}

function* messageTexts(loaded: Loaded, named: Named, isFirst: boolean): Generator<string> {
  const { record: conversation } = loaded
  for (const [i, message] of loaded.messages.entries()) {
    const { record, wireId } = message
    const parent = textOrNull(record.parent_id)
    if (!isFirst || i > 0) yield ','
    yield messageJson(record, {
      id: wireId,
      parentId: parent === null ? null : named.parents(loaded, parent),
      gptId: named.assets(loaded, record, 'gpt') ?? named.assets(loaded, conversation, 'gpt'),
      projectId: named.assets(loaded, record, 'project') ?? named.assets(loaded, conversation, 'project'),
      files: named.files(loaded, message),
    })
  }
}

const listEnd = (last: string | null, hasMore: boolean) => `],"last_id":${JSON.stringify(last)},"has_more":${hasMore}}`
