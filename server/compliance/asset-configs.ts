import type { Context } from '../ledger/context.ts'
import { isObject, type JsonObject } from '../ledger/json.ts'
import { type AssetKind, isForeign } from './asset-sharing.ts'
import { fileIds } from './conversation-parts.ts'
import { type FileView, fileObject } from './file-objects.ts'
import { fileKey, type HeldFile } from './files-held.ts'
import type { Held } from './held-items.ts'
import { secondsOr, textOrNull, wholeList } from './openai-common.ts'

const prefix: Record<AssetKind, string> = { gpt: 'gzm_cnf_', project: 'pr_cnf_' }

/** A configuration is a version of a record; its id says which, and never changes. */
export function configId(kind: AssetKind, { number, seq }: Pick<Held, 'number' | 'seq'>): string {
  return `${prefix[kind]}${hexadecimal(number)}${hexadecimal(seq)}`
}

const hexadecimal = (number: number) => number.toString(16).padStart(12, '0')

export interface ConfigView {
  readonly files: ReadonlyMap<string, HeldFile>
  readonly view: FileView
}

/** How a GPT or project is made: all of it, or of somebody else's GPT what is public. */
export function configObject(ctx: Context, kind: AssetKind, item: Held, shown: ConfigView) {
  const { record } = item
  return {
    object: `compliance.workspace.${kind}.configuration`,
    id: configId(kind, item),
    name: textOrNull(record.name) ?? '',
    description: textOrNull(record.description) ?? '',
    categories: texts(record.categories),
    conversation_starters: texts(record.conversation_starters),
    ...(kind === 'gpt' ? { version_author: author(record) } : {}),
    tools: wholeList(Array.isArray(record.tools) ? record.tools.map((tool: unknown) => toolObject(kind, tool, item.valid_at)) : []),
    ...(isForeign(record)
      ? {}
      : { created_at: item.valid_at, instructions: textOrNull(record.instructions) ?? '', files: files(ctx, kind, item, shown) }),
  }
}

function author({ version_author: said }: JsonObject) {
  return isObject(said) && typeof said.id === 'string'
    ? { object: 'compliance.workspace.gpt.version_author', id: said.id, email: textOrNull(said.email) }
    : null
}

function files(ctx: Context, kind: AssetKind, { record, source }: Held, { files: held, view }: ConfigView) {
  return wholeList(
    fileIds(record).map((id) => fileObject(ctx, view, { holder: kind, id, file: held.get(fileKey(view.place.workspace, source, id)) })),
  )
}

/** Other words for the provider's; one that nobody knows is passed on as it is. */
const toolType: Record<string, string> = {
  python: 'code_interpreter',
  web: 'browser',
  web_search: 'browser',
  dalle: 'dall-e',
  image_generation: 'dall-e',
  action: 'custom_action',
  'custom-action': 'custom_action',
  plugins_prototype: 'custom_action',
}

/** Records name a tool, or describe it. */
function toolObject(kind: AssetKind, tool: unknown, since: number) {
  const said = isObject(tool) ? tool : {}
  const word = textOrNull(tool) ?? textOrNull(said.type) ?? textOrNull(said.name) ?? 'unknown'
  const type = toolType[word] ?? word
  return { type, created_at: secondsOr(said.created_at, since), ...(type === 'custom_action' ? action(kind, said) : {}) }
}

function action(kind: AssetKind, said: JsonObject) {
  return {
    action_domain: textOrNull(said.action_domain),
    action_openapi_raw: textOrNull(said.action_openapi_raw),
    action_privacy_policy_url: textOrNull(said.action_privacy_policy_url),
    ...(kind === 'gpt' ? { auth_type: textOrNull(said.auth_type) } : {}),
  }
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}
