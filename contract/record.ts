import { z } from 'zod'
import { type RecordKind, recordKinds } from './records.ts'

/**
 * The record as the explorer and the conversation view read it. Every address is POSTed to: what somebody reads, and why, stands in no
 * address. Content comes with a stated purpose alone; the purpose stands in the access record with the ids of what was given away.
 */
export const recordPaths = {
  /** `peopleInput` → `peopleReply`. */
  people: '/api/record/people',
  /** `entriesInput` → `entriesReply`. */
  entries: '/api/record/entries',
  /** `entryInput` → `entryReply`. */
  entry: '/api/record/entry',
  /** `conversationInput` → `conversationReply`. */
  conversation: '/api/record/conversation',
} as const

export const purposeLength = { least: 3, most: 500 } as const
export const statedPurpose = z
  .string()
  .trim()
  .min(purposeLength.least, 'say in a few words what it is read for')
  .max(purposeLength.most)
  .describe('Why this is read: 3 to 500 characters, kept in the access record')

const workspaceId = z.string().describe('Id of the workspace')
/** Ids are looked up in the database, which holds no NUL. */
export const anyId = z
  .string()
  .min(1)
  .max(512)
  .refine((text) => !text.includes('\0'), 'holds a NUL character')
const place = z.int().positive().max(Number.MAX_SAFE_INTEGER)
/** A kind is one of a list that both sides know. */
export const entryKind = z.enum(recordKinds as [RecordKind, ...RecordKind[]])
export const dayOrTime = z.union([z.iso.date(), z.iso.datetime({ offset: true })], 'is neither a day (2026-02-28) nor an RFC 3339 time')

export const entriesInput = z.strictObject({
  workspace_id: workspaceId,
  kind: entryKind.optional().describe('Only entries of this kind'),
  person_id: anyId.optional().describe('Only what this person wrote or owns: their id, on the wire or at the source'),
  conversation_id: anyId
    .optional()
    .describe('Only what belongs to this conversation, itself included: its id, on the wire or at the source'),
  id: anyId.optional().describe('Only entries about what has this id, on the wire or at the source, in all its versions'),
  since: dayOrTime.optional().describe('Only of this day or later, or of this instant or later, by the time of the event; days are UTC'),
  until: dayOrTime.optional().describe('Only up to the end of this day, or up to this instant, by the time of the event'),
  cursor: place.optional().describe('`cursor` of the reply before: only what was recorded before it'),
  limit: z.int().min(1).max(200).default(50).describe('At most so many'),
  purpose: statedPurpose.optional().describe('With it each entry has an excerpt of its content; kept in the access record'),
})
export type EntriesInput = z.output<typeof entriesInput>

const instant = z.string().describe('RFC 3339, UTC')

export const shownPerson = z.object({ id: z.string().describe('On the wire'), email: z.string().nullable(), name: z.string().nullable() })
export type ShownPerson = z.output<typeof shownPerson>

export const peopleInput = z.strictObject({
  workspace_id: workspaceId,
  text: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .describe('An id, on the wire or at the source, an e-mail address, or parts of a name or an address; kept sealed in the access record'),
})

/** So many people are shown. */
export const peopleLimit = 20

export const peopleReply = z.object({
  data: z
    .array(shownPerson)
    .describe(
      `Whoever has exactly this id or address; else all of whom every word stands in their name or address, at most ${peopleLimit}. Earlier names and addresses count`,
    ),
  has_more: z.boolean().describe('More people match'),
})
export type PeopleReply = z.output<typeof peopleReply>

/** Erasure leaves a gap: that something was there, never what. */
export const erasure = z.object({
  at: instant.nullable().describe('When; null where that is not known'),
  receipt: z.string().nullable().describe('Id of its receipt: GET /api/receipts/{id}'),
})
export type Erasure = z.output<typeof erasure>

export const recordEntry = z.object({
  seq: z.int().describe('Place in the commit sequence'),
  kind: entryKind,
  id: z.string().describe('As it stands on the wire'),
  source_id: z.string().describe('As its source calls it'),
  source: z.string(),
  role: z.string().nullable().describe('Of a message: user, assistant, system or tool'),
  of: z.object({ kind: z.string(), id: z.string() }).nullable().describe('What a deletion is about, as its source calls it'),
  person: shownPerson.nullable().describe('Who wrote or owns it'),
  conversation_id: z.string().nullable().describe('The conversation it belongs to, or is; as it stands on the wire'),
  occurred_at: instant.nullable().describe('When it happened, by its source'),
  received_at: instant.describe('When it was recorded'),
  size: z.int().nullable().describe('Bytes it takes in the record, packed and sealed; null once erased'),
  version: z
    .object({ number: z.int(), of: z.int(), newest: z.boolean() })
    .nullable()
    .describe('Which of its versions this is, in the order in which they were recorded; null for a deletion'),
  deleted_at: instant.nullable().describe('When it was deleted at its source'),
  erased: erasure.nullable().describe('Its content is no longer in the record'),
  excerpt: z.string().nullable().describe('Its title, name or first 200 characters; null without a purpose, or where it has none'),
})
export type RecordEntry = z.output<typeof recordEntry>

export const entriesReply = z.object({
  data: z.array(recordEntry).describe('The newest first, in the order in which they were recorded'),
  cursor: z.int().nullable().describe('Goes on after this page; null at the end'),
})
export type EntriesReply = z.output<typeof entriesReply>

export const entryInput = z.strictObject({
  workspace_id: workspaceId,
  seq: place.describe('Place of the entry in the commit sequence'),
  purpose: statedPurpose,
})

const version = z.object({
  seq: z.int(),
  recorded_at: instant,
  updated_at: instant.nullable().describe('When it was changed, by its source'),
  newest: z.boolean().describe('It is the one that holds'),
  erased: z.boolean(),
})
export type RecordVersion = z.output<typeof version>

export const entryReply = z.object({
  entry: recordEntry,
  record: z.string().nullable().describe('The record as it is stored: canonical JSON (RFC 8785); null once erased'),
  versions: z.array(version).describe('All versions of what it is about, the oldest first'),
})
export type EntryReply = z.output<typeof entryReply>

/** So many messages come at once, fewer where they are large. */
export const messagesPerPage = 100

export const conversationInput = z.strictObject({
  workspace_id: workspaceId,
  conversation_id: anyId.describe('Its id, on the wire or at the source'),
  purpose: statedPurpose,
  cursor: z.int().nonnegative().max(Number.MAX_SAFE_INTEGER).optional().describe('`cursor` of the reply before: the messages that follow'),
})
export type ConversationInput = z.output<typeof conversationInput>

const named = z.object({ id: z.string(), name: z.string().nullable() })

export const shownFile = z.object({
  id: z.string(),
  name: z.string().nullable(),
  mime_type: z.string().nullable(),
  size: z.number().nullable().describe('Bytes'),
  erased: z.boolean().describe('It was erased from the record'),
  link: z.string().nullable().describe('Path of a signed link to the bytes, for an hour; null where they are not here'),
})
export type ShownFile = z.output<typeof shownFile>

const content = z.array(z.unknown()).nullable().describe('Parts as `contract/records.ts` has them, untouched; null where there are none')

const messageVersion = version.extend({
  content,
  left_out: z.boolean().describe('It is too large to come along: POST /api/record/entry gives it'),
})
export type MessageVersion = z.output<typeof messageVersion>

export const shownMessage = z.object({
  id: z.string().describe('As it stands on the wire'),
  source_id: z.string(),
  seq: z.int().nullable().describe('Place of its newest version in the commit sequence; null where only its deletion arrived'),
  parent_id: z.string().nullable().describe('The message it answers, as it stands on the wire'),
  parent_known: z.boolean().describe('That message is in the record'),
  role: z.string(),
  person: shownPerson.nullable().describe('Who wrote it, where its source says so'),
  tool_name: z.string().nullable(),
  model: z.string().nullable(),
  hidden: z.boolean().describe('The product does not show it'),
  injected: z.boolean().describe("The system wrote it in somebody's name"),
  tools: z.array(z.string()).describe('Tools it calls'),
  created_at: instant.nullable().describe('By its source'),
  received_at: instant.nullable(),
  deleted_at: instant.nullable().describe('When it was deleted at its source'),
  erased: erasure.nullable(),
  content,
  files: z.array(shownFile),
  versions: z.array(messageVersion).describe('All its versions, the oldest first; empty where there is only one'),
})
export type ShownMessage = z.output<typeof shownMessage>

const conversationVersion = version.extend({ title: z.string().nullable(), deleted_at: instant.nullable() })

export const shownConversation = z.object({
  id: z.string().describe('As it stands on the wire'),
  source_id: z.string(),
  source: z.string(),
  title: z.string().nullable(),
  owner: shownPerson.nullable(),
  gpt: named.nullable(),
  project: named.nullable(),
  model: z.string().nullable(),
  created_at: instant.nullable(),
  last_active_at: instant.nullable(),
  deleted_at: instant.nullable().describe('When it was deleted at its source'),
  erased: erasure.nullable(),
  messages: z.int().describe('How many messages it has, erased ones included'),
  versions: z.array(conversationVersion).describe('All versions of its own record, the oldest first'),
})
export type ShownConversation = z.output<typeof shownConversation>

export const conversationReply = z.object({
  conversation: shownConversation,
  messages: z.array(shownMessage).describe('In the order of their arrival: parents before children, as sources send them'),
  cursor: z.int().nullable().describe('Goes on after these; null at the end'),
})
export type ConversationReply = z.output<typeof conversationReply>
