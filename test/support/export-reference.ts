import {
  asset,
  automation,
  canvas,
  conversation,
  cursorList,
  libraryFile,
  list,
  memory,
  message,
  type Shape,
  task,
  user,
} from './export-shapes.ts'

/**
 * The OpenAI-compatible export as its wire reference has it, written down a second time: every endpoint with its fields, parameters and
 * limits, and what the reference leaves unknown. The conformance tests hold the server and its documentation to it.
 */

/** Query parameters. */
export type Parameter = 'after' | 'conversation_id' | 'cursor' | 'file_format' | 'include_summary' | 'limit' | 'since_timestamp' | 'users'

export interface Reference {
  /** In braces the name of an example's id. */
  readonly get: string
  /** null: a 307 with `Location`. */
  readonly shape: Shape | null
  /** Other fields may stand beside those of the shape. */
  readonly open?: true
  readonly takes?: readonly Parameter[]
  /** Page sizes where it is a list in pages; null: the reference does not say. */
  readonly pages?: { readonly usual: number | null; readonly most: number | null }
  /** What the reference leaves unknown: what is done here. */
  readonly unknown?: string
}

const paged: readonly Parameter[] = ['after', 'limit']
const later: readonly Parameter[] = ['cursor', 'after', 'limit']
const unsaid = { usual: null, most: null }

function assetRows(kind: 'gpt' | 'project'): Reference[] {
  const [{ whole, configuration, foreign }, short] = [asset(kind), asset(kind, 'id')]
  const [all, one] = [`/${kind}s`, `/${kind}s/{${kind}}`]
  return [
    {
      ...{ get: all, shape: list(whole), takes: [...paged, 'file_format'], pages: { usual: 20, most: null } },
      unknown: 'the largest limit: 100; the order: as first heard of',
    },
    { get: `${all}?file_format=id`, shape: list(short.whole) },
    { get: one, shape: whole, takes: ['file_format'] },
    { get: `${one}?file_format=id`, shape: short.whole },
    { get: `/${kind}s/{foreign_${kind}}`, shape: foreign },
    {
      ...{ get: `${one}/configs`, shape: list(configuration), takes: [...paged, 'file_format'], pages: { usual: 20, most: null } },
      unknown: 'the largest limit: 100',
    },
    { get: `${one}/configs?file_format=id`, shape: list(short.configuration) },
    {
      get: `${one}/shared_users`,
      shape: list(user),
      takes: paged,
      pages: unsaid,
      unknown: 'a limit, which clients send: 200 unless told, 1000 at most',
    },
    { get: `/${kind}_files/{file}`, shape: null },
  ]
}

const talk: readonly Reference[] = [
  { get: '/users', shape: list(user), takes: paged, pages: { usual: 200, most: null }, unknown: 'the largest limit: 1000' },
  { get: '/users/{user}/files/{file}', shape: null, takes: ['conversation_id'] },
  {
    ...{ get: '/conversations', shape: list(conversation('url')), pages: { usual: 500, most: 500 } },
    takes: ['since_timestamp', ...paged, 'users', 'file_format'],
    unknown: 'the direction of the order: the one updated longest ago first; neither since_timestamp nor after: from the beginning',
  },
  { get: '/conversations?file_format=id', shape: list(conversation('id')) },
  {
    ...{ get: '/conversations/{conversation}/messages', shape: list(message('url')), takes: [...paged, 'file_format'], pages: unsaid },
    unknown: 'whether the provider has it: as in the list of conversations, in the order of arrival; limits: 500',
  },
]

const personal: readonly Reference[] = [
  { get: '/memories', shape: list(memory), takes: [...paged, 'since_timestamp'], pages: { usual: 200, most: 200 } },
  { get: '/users/{user}/memories', shape: list(memory), takes: ['since_timestamp'] },
  { get: '/users/{user}/canvases', shape: list({ id: 'string' }), takes: paged, pages: { usual: 30, most: 30 } },
  { get: '/users/{user}/canvas/{canvas}', shape: canvas, takes: paged, pages: { usual: 30, most: 30 } },
  {
    ...{ get: '/users/{user}/automations', shape: list(automation), open: true, pages: unsaid, takes: [...paged, 'since_timestamp'] },
    unknown: 'types of the fields and constants: as elsewhere; whether it has pages: 200',
  },
  {
    ...{ get: '/automations', shape: list(automation), open: true, pages: unsaid, takes: [...paged, 'since_timestamp'] },
    unknown: "whether the provider has it: as somebody's; limits: 200",
  },
  {
    ...{ get: '/users/{user}/recordings', shape: list({ id: 'string' }), open: true, pages: unsaid, takes: paged },
    unknown: 'every field but the id: whose, title, time, length; limits: 200',
  },
  {
    ...{ get: '/recordings', shape: list({ id: 'string' }), open: true, pages: unsaid, takes: paged },
    unknown: "whether the provider has it: as somebody's; limits: 200",
  },
  { get: '/recordings/{recording}', shape: { id: 'string' }, open: true, unknown: 'whether the provider has it: the object of the list' },
  {
    ...{ get: '/users/{user}/recordings/{recording}/transcript?include_summary=true', shape: {}, open: true, takes: ['include_summary'] },
    unknown: 'every field: id, transcript as its source gave it, summary',
  },
  {
    ...{ get: '/users/{user}/library_files', shape: cursorList(libraryFile), open: true, pages: { usual: 200, most: null }, takes: later },
    unknown: 'the words of state: active, trashed; the largest limit: 200',
  },
  {
    ...{ get: '/users/{user}/library_files/{library_file}', shape: libraryFile, open: true },
    unknown: 'whether it is the object or the bytes: the object, with download_url',
  },
]

const work: readonly Reference[] = [
  {
    ...{ get: '/codex_tasks', shape: cursorList(task), open: true, pages: { usual: 30, most: 30 }, takes: later },
    unknown: 'whether times are numbers: as elsewhere',
  },
  { get: '/codex_tasks/{codex_task}', shape: task, open: true, unknown: 'its fields: those of the list' },
  { get: '/codex_environments', shape: cursorList({}), open: true, unknown: 'every field: no record holds one, the list is always empty' },
  ...(['agent', 'plugin'] as const).flatMap((kind): Reference[] => [
    {
      ...{ get: `/${kind}s`, shape: kind === 'agent' ? list({}) : cursorList({}), open: true, takes: kind === 'agent' ? paged : later },
      ...{ pages: { usual: null, most: kind === 'agent' ? null : 100 } },
      unknown: 'every field: id, name, whose, times; limits: 100',
    },
    { get: `/${kind}s/{${kind}}`, shape: {}, open: true, unknown: 'every field: those of the list' },
  ]),
  {
    ...{ get: '/skills', shape: list({}), open: true, pages: unsaid, takes: paged },
    unknown: 'whether the provider has it, every field: as its record has them; limits: 100',
  },
  { get: '/skills/{skill}/export', shape: {}, open: true, unknown: 'every field, and whether it is an archive: the object of the list' },
  {
    ...{ get: '/invites', shape: list({}), open: true, pages: unsaid, takes: paged },
    unknown: 'every field: id, address, role, times; limits: 200 unless told, 1000 at most',
  },
]

export const reference: readonly Reference[] = [...talk, ...assetRows('gpt'), ...assetRows('project'), ...personal, ...work]

/** What it says of all endpoints together and leaves unknown. */
const everywhere: readonly string[] = [
  'the body of an error: `{"error": {"message", "type", "param", "code"}}`, as on the rest of the platform',
  'a parameter that makes no sense, and one given twice that may be given once: 400 with its name in `param`',
  'a larger limit than the most: served with the most',
  'an `after` that was never heard of: 404, but in lists by user id, where it is a place in the order',
  'an `after` that was deleted meanwhile: keeps its place',
  'the `object` in the result of a deletion: that of what was deleted, such as `compliance.workspace.conversation`',
  'HEAD: as GET, without the body; a method that an address does not have: 404',
  '`total` of a list: left out',
]

/** The list of it, as the documentation has to have it. */
export const unknowns: readonly string[] = [
  ...everywhere.map((what) => `| everywhere | ${what} |`),
  ...reference.flatMap(({ get, unknown }) => (unknown === undefined ? [] : [`| \`${get.replace(/\?.*/, '')}\` | ${unknown} |`])),
]
