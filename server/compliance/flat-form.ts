import { z } from 'zod'
import type { Context } from '../ledger/context.ts'
import { question } from '../ledger/question.ts'
import { listWorkspaces, workspaceOf } from '../people/workspaces.ts'
import { findConversation, findItems, listConversations } from './conversation-list.ts'
import { answer } from './openai-conversations.ts'
import { conversationId, cursor, fileFormat, limit, noted, origin, word } from './openai-parameters.ts'

const day = /^\d{4}-\d\d-\d\d$/

/** Times that RFC 3339 can write and the database does not take: the year 0, and zones that no place is in. */
const nowhere = /^0000|[+-](1[6-9]|2\d):?\d\d$/

const notAMoment = 'must be a UTC day such as 2026-10-19 or an RFC 3339 time'

/** A UTC day or an RFC 3339 time. */
const moment = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], notAMoment)
  .refine((text) => !nowhere.test(text), notAMoment)
  .nullable()
  .default(null)

/** Each of them stands in the record of the read. */
const mostPeople = 1000

/** Repeated, comma-joined or an array. */
const people = z
  .union([word('user_id'), z.array(word('user_id'))])
  .transform((ids) =>
    (Array.isArray(ids) ? ids : [ids])
      .flatMap((text) => text.split(','))
      .map((id) => id.trim())
      .filter((id) => id !== ''),
  )
  .refine((ids) => ids.length <= mostPeople, `at most ${mostPeople} users may be named`)
  .nullable()
  .default(null)

export const flatQuery = z.object({
  user_id: people.describe('Only these people; user_id and user_ids are a union'),
  user_ids: people.describe('The same, repeated, comma-joined or as an array'),
  conversation_id: conversationId.min(1).nullable().default(null).describe('Only this conversation'),
  start_date: moment.describe('Inclusive. A conversation with a message in the span comes whole'),
  end_date: moment.describe('Inclusive; a day counts to its end'),
  limit: z.preprocess((value) => (typeof value === 'number' ? String(value) : value), limit(100, 500)),
  after: cursor,
  workspace_id: z.string().nullable().default(null).describe("Unless given: the key's workspace, or all of an organization-wide key"),
  file_format: fileFormat,
})

/** /v1/compliance/conversations: the query by user, date range or conversation; same objects, order and cursor as the workspace's list. */
export const flatConversations = question({
  action: 'conversations.list',
  scope: 'compliance:read',
  input: flatQuery.extend({ origin }),
  workspace: (ctx, input) => (input.workspace_id === null ? Promise.resolve(null) : workspaceOf(ctx, input.workspace_id)),
  query: noted,
  async ask(ctx, input, workspace) {
    const reach = workspace ? [workspace] : await workspacesOf(ctx)
    const numbers = reach.map(({ number }) => number)
    const named =
      input.user_id === null && input.user_ids === null ? null : [...new Set([...(input.user_id ?? []), ...(input.user_ids ?? [])])]
    const conversations = input.conversation_id === null ? null : await inEach(ctx, numbers, input.conversation_id)
    const nothing = numbers.length === 0 || conversations?.length === 0
    const page = nothing
      ? { rows: [], hasMore: false }
      : await listConversations(ctx, {
          workspaces: numbers,
          people: named ? await findItems(ctx, numbers, 'person', named.length > 0 ? named : ['']) : null,
          conversations,
          from: input.start_date === null ? null : startOf(input.start_date),
          until: input.end_date === null ? null : endOf(input.end_date),
          since: null,
          after: input.after,
          limit: input.limit,
          selection: JSON.stringify([numbers, named?.toSorted() ?? null, conversations, input.start_date, input.end_date]),
        })
    return answer(ctx, page, new Map(reach.map(({ number, id }) => [number, id])), { format: input.file_format, origin: input.origin })
  },
})

/** Several workspaces may have a conversation of the same id. */
async function inEach(ctx: Context, workspaces: readonly number[], id: string): Promise<number[]> {
  const found = await Promise.all(workspaces.map((workspace) => findConversation(ctx, [workspace], id)))
  return found.filter((number) => number !== null)
}

async function workspacesOf(ctx: Context) {
  const all = await listWorkspaces(ctx.ledger)
  return all.filter(({ number }) => ctx.actor.workspace === null || ctx.actor.workspace === number)
}

const startOf = (text: string) => (day.test(text) ? `${text}T00:00:00Z` : text)
const endOf = (text: string) => (day.test(text) ? `${text}T23:59:59.999999Z` : text)
