import { z } from 'zod'

/** Parameters of the OpenAI-compatible lists. Unknown ones are ignored; a scalar given twice is refused. */

/** Text that is looked up in the database, which holds no NUL. */
export const word = (what: string) =>
  z.string(`${what} must be given once`).refine((text) => !text.includes('\0'), `${what} must not hold a NUL character`)

const whole = (what: string) =>
  z
    .string(`${what} must be given once`)
    .regex(/^\d{1,15}$/, `${what} must be a whole number`)
    .transform(Number)

/** A page may always be shorter than asked for, so a larger limit is served with the largest there is. */
export const limit = (usual: number, most: number) =>
  whole('limit')
    .refine((n) => n > 0, 'limit must be at least 1')
    .transform((n) => Math.min(n, most))
    .default(usual)
    .describe(`Items per page; ${usual} unless told, ${most} at most. A page may be shorter: only has_more tells whether there is more`)

export const cursor = word('after').min(1).nullable().default(null).describe('last_id of the page before')

/** The later endpoints call it so; clients of both ways are served. */
export const laterCursor = word('cursor').min(1).nullable().default(null).describe('cursor of the page before; after is taken as well')

const unixSeconds = z
  .string('since_timestamp must be given once')
  .regex(/^-?\d{1,12}(\.\d+)?$/, 'since_timestamp must be Unix seconds')
  // Nothing was committed before 1970, and the database knows no time that is long enough ago.
  .transform((text) => Math.max(0, Number(text)))

export const sinceTimestamp = unixSeconds.nullable().default(null).describe('Unix seconds, inclusive; ignored when after is given')

/** `users=a&users=b`. */
export const manyUsers = z
  .union([word('users'), z.array(word('users'))])
  .transform((users) => (Array.isArray(users) ? users : [users]))
  .refine((users) => users.length < 100, 'fewer than 100 users may be named')
  .nullable()
  .default(null)
  .describe("Only these people's conversations; repeat the parameter for several")

export const fileFormat = z
  .enum(['url', 'id'], 'file_format must be url or id')
  .default('url')
  .describe('url: files as objects with a download_url; id: in short')
export const workspaceId = z.string().describe('Workspace id, a UUID')
export const conversationId = word('conversation_id').describe('Conversation id, on the wire or at its source')
export const userId = word('user_id').describe('User id, on the wire or at its source')
export const fileId = word('file_id').describe('File id, on the wire or at its source')
export const itemId = (what: string) => word(what).describe('Id, on the wire or at its source')

const meanings: Readonly<Record<string, string>> = {
  workspace_id: 'Workspace id, a UUID',
  user_id: 'User id, on the wire or at its source',
  conversation_id: 'Conversation id, on the wire or at its source',
  file_id: 'File id, on the wire or at its source',
  asset_id: 'Id of the GPT or project, on the wire or at its source',
  textdoc_id: 'Canvas id, on the wire or at its source',
  recording_id: 'Recording id, on the wire or at its source',
  automation_id: 'Automation id, on the wire or at its source',
  memory_context_id: "Id of the memory's context; the user's own id will do",
  memory_id: 'Memory id, on the wire or at its source',
  item_id: 'Id of the item, on the wire or at its source',
}

/** The parameters of a path, as they are described; the question behind it checks them. */
export function pathParameters(path: string): z.ZodObject {
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
  return z.object(Object.fromEntries(names.map((name) => [name, z.string().describe(meanings[name] ?? '')])))
}

/** Under which origin links lead here. It is the server's own word and stands in no address. */
export const origin = z.url()

/** Parameters as they are written down in the record of a read. */
export function noted({ origin: _, ...rest }: { readonly workspace_id: string | null; readonly origin?: string }): Record<string, Noted> {
  return Object.fromEntries(Object.entries<unknown>(rest).filter((entry): entry is [string, Noted] => isNoted(entry[1])))
}

type Noted = string | number | boolean | readonly string[] | null

const isNoted = (value: unknown): value is Noted =>
  value === null ||
  ['string', 'number', 'boolean'].includes(typeof value) ||
  (Array.isArray(value) && value.every((one) => typeof one === 'string'))
