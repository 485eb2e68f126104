import { z } from 'zod'

/**
 * The one shape everything enters in: a JSON object whose `kind` and `id` say what it is. Fields named here are checked;
 * anything else a source says is kept in the stored record and given back by raw reads. Ids are the source's own strings.
 */

/**
 * An id: 1 to 512 characters. NUL and lone surrogates are refused in ids alone: an id is looked up, compared and printed,
 * and neither a URL nor a database text can hold them.
 */
export const recordId = z
  .string()
  .min(1)
  .max(512)
  .refine((text) => !text.includes('\0'), 'holds a NUL character')
  .refine((text) => text.isWellFormed(), 'holds a lone surrogate')
const id = recordId

/** Under this one stand the ledger's own entries: who read, who changed, what was erased. Nobody else writes under it. */
export const ownSource = 'daybook'

export const recordSource = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[a-z0-9][a-z0-9._-]*$/, 'is not a source name: lower-case letters, digits, dot, dash, underscore')
  .refine((name) => name !== ownSource, 'is the name of the entries that Daybook writes itself')

/** RFC 3339 with an offset (`Z` as a rule), in the years a database timestamp can hold. */
const time = z.iso.datetime({ offset: true }).refine((text) => !text.startsWith('0000'), 'year 0000 is not a year')
const timeOrNull = time.nullish()
const text = z.string().nullish()
const ids = z.array(id).nullish()
const flag = z.boolean().nullish()
const count = z.int().nonnegative().nullish()

const textPart = z.looseObject({ type: z.literal('text'), text: z.string() })
const codePart = z.looseObject({ type: z.literal('code'), language: text, text: z.string() })
const mediaPart = z.looseObject({ type: z.enum(['image', 'audio', 'video', 'file']), file_id: id })
const thinkingPart = z.looseObject({ type: z.literal('thinking'), text: z.string() })
const toolUsePart = z.looseObject({ type: z.literal('tool_use'), id: text, name: z.string() })
const toolResultPart = z.looseObject({ type: z.literal('tool_result'), tool_use_id: text, name: text, is_error: flag })
const citationPart = z.looseObject({ type: z.literal('citation'), urls: z.array(z.string()) })
const rawPart = z.looseObject({ type: z.literal('raw') })

const contentPart = z.discriminatedUnion('type', [
  textPart,
  codePart,
  mediaPart,
  thinkingPart,
  toolUsePart,
  toolResultPart,
  citationPart,
  rawPart,
])

/** What every record may carry. `workspace_id` may be left out when the key is bound to one workspace. */
const common = {
  id,
  workspace_id: z.string().nullish(),
  source: recordSource.nullish(),
  updated_at: timeOrNull,
  deleted_at: timeOrNull,
}

const tokens = z.looseObject({ input: count, output: count, cached: count }).nullish()
const sharing = z.looseObject({ visibility: text, recipients: z.array(z.unknown()).nullish() }).nullish()
const link = z.looseObject({ name: z.string(), url: text, access: z.enum(['read', 'write']).nullish() })
const asset = { owner_id: id.nullish(), description: text, url: text, created_at: timeOrNull }
const work = z.looseObject({ ...common, name: text, title: text, person_id: id.nullish(), created_at: timeOrNull })

/** What people add to an assistant: a skill or a connector. */
const extension = z.looseObject({
  ...common,
  ...asset,
  name: z.string(),
  display_name: text,
  share_status: text,
  publisher: text,
  scopes: z.array(z.string()).nullish(),
})

export const recordShapes = {
  person: z.looseObject({
    ...common,
    email: text,
    email_verified: flag,
    directory_id: text,
    name: text,
    role: z.enum(['owner', 'admin', 'analytics_viewer', 'member']).nullish(),
    status: z.enum(['enabled', 'deleted', 'pending']).nullish(),
    seat: flag,
    department: text,
    onboarding_role: text,
    created_at: timeOrNull,
    invitations: z.array(z.looseObject({ sent_at: timeOrNull, expires_at: timeOrNull, accepted_at: timeOrNull })).nullish(),
    former_emails: z.array(z.string()).nullish(),
  }),
  group: z.looseObject({
    ...common,
    name: z.string(),
    origin: z.enum(['directory', 'manual']).nullish(),
    parent_ids: ids,
    member_ids: ids,
  }),
  conversation: z.looseObject({
    ...common,
    person_id: id,
    title: text,
    created_at: timeOrNull,
    default_model: text,
    gpt_id: id.nullish(),
    project_id: id.nullish(),
    temporary: flag,
    pinned: flag,
    mode: text,
  }),
  message: z.looseObject({
    ...common,
    conversation_id: id,
    role: z.enum(['user', 'assistant', 'system', 'tool']),
    parent_id: id.nullish(),
    person_id: id.nullish(),
    created_at: timeOrNull,
    model: text,
    tool_name: text,
    content: z.array(contentPart).nullish(),
    hidden: flag,
    injected: flag,
    file_ids: ids,
    gpt_id: id.nullish(),
    project_id: id.nullish(),
    tools: z.array(z.unknown()).nullish(),
    skills: z.array(z.unknown()).nullish(),
    connectors: z.array(link).nullish(),
    client: text,
    tokens,
  }),
  file: z.looseObject({
    ...common,
    name: text,
    mime_type: text,
    size: count,
    sha256: z
      .string()
      .regex(/^[0-9a-fA-F]{64}$/, 'is not 64 hexadecimal digits')
      .nullish(),
    person_id: id.nullish(),
    conversation_id: id.nullish(),
    message_id: id.nullish(),
    gpt_id: id.nullish(),
    project_id: id.nullish(),
    origin: z.enum(['upload', 'generated', 'library', 'document']).nullish(),
    created_at: timeOrNull,
  }),
  gpt: z.looseObject({
    ...common,
    ...asset,
    name: z.string(),
    builder_name: text,
    config_type: z.enum(['live', 'draft']).nullish(),
    instructions: text,
    categories: z.array(z.string()).nullish(),
    conversation_starters: z.array(z.string()).nullish(),
    tools: z.array(z.unknown()).nullish(),
    file_ids: ids,
    sharing,
  }),
  project: z.looseObject({
    ...common,
    ...asset,
    name: z.string(),
    config_type: z.enum(['live', 'draft']).nullish(),
    instructions: text,
    tools: z.array(z.unknown()).nullish(),
    file_ids: ids,
    sharing,
  }),
  memory: z.looseObject({ ...common, person_id: id, content: text, context_id: text }),
  canvas: z.looseObject({
    ...common,
    person_id: id,
    version: count,
    name: text,
    type: text,
    content: text,
    comments: z.array(z.unknown()).nullish(),
    conversation_id: id.nullish(),
  }),
  automation: z.looseObject({
    ...common,
    person_id: id,
    title: text,
    prompt: text,
    schedule: text,
    enabled: flag,
    created_at: timeOrNull,
    conversation_id: id.nullish(),
  }),
  recording: z.looseObject({
    ...common,
    person_id: id,
    title: text,
    created_at: timeOrNull,
    duration_s: z.number().nonnegative().nullish(),
    transcript: z.unknown().optional(),
    summary: text,
  }),
  share: z.looseObject({
    ...common,
    of: z.looseObject({ kind: z.string(), id }),
    person_id: id.nullish(),
    audience: text,
    url: text,
    created_at: timeOrNull,
  }),
  feedback: z.looseObject({
    ...common,
    message_id: id.nullish(),
    person_id: id.nullish(),
    rating: z.unknown().optional(),
    created_at: timeOrNull,
  }),
  comparison: z.looseObject({
    ...common,
    message_id: id.nullish(),
    person_id: id.nullish(),
    rating: z.unknown().optional(),
    created_at: timeOrNull,
  }),
  agent: work,
  plugin: work,
  codex_task: work,
  skill: extension,
  connector: extension,
  coding_session: z.looseObject({
    ...common,
    person_id: id,
    started_at: time,
    ended_at: timeOrNull,
    surface: text,
    model: text,
    commits: count,
    pull_requests: count,
    lines_added: count,
    lines_removed: count,
    tool_actions: z.record(z.string(), z.looseObject({ accepted: count, rejected: count })).nullish(),
    skills: z.array(z.unknown()).nullish(),
    connectors: z.array(z.unknown()).nullish(),
    tokens,
  }),
  activity: z.looseObject({
    ...common,
    type: z.string().min(1),
    occurred_at: time,
    actor: z.looseObject({ kind: z.string() }),
    target: z.looseObject({ kind: text, id: text }).nullish(),
    outcome: text,
    data: z.looseObject({}).nullish(),
  }),
  survey: z.looseObject({
    ...common,
    name: z.string(),
    origin: z.enum(['built_in', 'admin', 'custom']).nullish(),
    questions: z.array(z.looseObject({ id, text, answers: z.array(z.looseObject({ id, text, positive: flag })).nullish() })),
    anonymous: flag,
    opens_at: timeOrNull,
    closes_at: timeOrNull,
  }),
  survey_response: z.looseObject({
    ...common,
    survey_id: id,
    person_id: id.nullish(),
    respondent: text,
    answers: z.array(z.looseObject({ question_id: id, answer_id: id.nullish() })),
    created_at: timeOrNull,
  }),
  credit: z.looseObject({ ...common, person_id: id, day: z.iso.date(), credits: z.number() }),
  /** Says that an item was deleted at its source. It has no id of its own: it is about `of`. */
  deletion: z.looseObject({
    ...common,
    id: id.optional(),
    of: z.looseObject({ kind: z.string(), id, conversation_id: id.nullish() }),
    deleted_at: time,
    by: z.unknown().optional(),
  }),
  seats: z.looseObject({ ...common, day: z.iso.date(), purchased: z.int().nonnegative() }),
}

export type RecordKind = keyof typeof recordShapes
export const recordKinds = Object.keys(recordShapes) as RecordKind[]

/** Why a record was not taken. `records.md` says what each means; importers add the codes of damaged archives. */
export const rejectionCodes = [
  'bad_json',
  'bad_record',
  'unknown_kind',
  'bad_field',
  'too_large',
  'bad_number',
  'too_deep',
  'wrong_workspace',
  'conflict',
  'purged',
] as const
export type RejectionCode = (typeof rejectionCodes)[number]

/** Nothing of such a record is kept, not even as a dead letter: it would be what was erased. */
export const isErasedBefore = (code: string) => code === 'purged'

/** One line of `rejected` in the reply to an intake batch. Lines count from 1. */
export const rejection = z.object({
  line: z.int().positive().describe('Line of the request body, counted from 1'),
  id: z.string().nullable().describe("The record's id, when it could be read"),
  code: z.enum(rejectionCodes),
  message: z.string().describe('What is wrong, without a word of content'),
})

export const intakeReply = z.object({
  accepted: z.int().describe('Records stored that were not known before'),
  duplicates: z.int().describe('Records already known, left as they were'),
  updated: z.int().describe('Records stored as another version of a known one'),
  rejected: z.array(rejection).describe('Lines that were not taken: kept as dead letters, but for those that are `purged`'),
  last_seq: z.int().describe("The organization's commit sequence after this batch; everything in it is durable up to here"),
})
