import type { Binds } from './sql.ts'
import { all, conditionsOf, daysSuffice, groupBy, keyColumns, keysOf, list, presenceOf, type Slice, whereOf } from './sql-facts.ts'
import { messageDimensions, messageFilters, modelDimensions, ownerDimensions, type Part } from './sql-part.ts'

interface Counted {
  /** A table and which of its rows. */
  readonly from: string
  readonly sums: Readonly<Record<'messages' | 'gpt_messages' | 'project_messages', string>>
}

/** Where user messages are counted: in the smallest table that knows enough. */
export function messagesFrom(slice: Slice, binds: Binds): Counted {
  if (!daysSuffice(slice)) return conversationsFrom(slice, binds)
  const sums = { messages: 'sum(messages)', gpt_messages: 'sum(gpt_messages)', project_messages: 'sum(project_messages)' }
  return { from: `person_day where ${all(whereOf(slice, binds), conditionsOf(slice, binds))}`, sums }
}

/** The same where the conversations they are in have to be known. */
export function conversationsFrom(slice: Slice, binds: Binds): Counted {
  const where = all(whereOf(slice, binds), presenceOf(slice), conditionsOf(slice, binds))
  return conversationDaysSuffice(slice)
    ? { from: `conversation_day where ${where}`, sums: sumsOf('messages') }
    : { from: `message_fact where counted and ${where}`, sums: sumsOf('sign') }
}

const sumsOf = (count: string) => ({
  messages: `sum(${count})`,
  gpt_messages: `sumIf(${count}, gpt != 0)`,
  project_messages: `sumIf(${count}, project != 0)`,
})

const ofConversations: ReadonlySet<string> = new Set([...ownerDimensions, ...modelDimensions])

/** It knows what people by day know, and whatever stays the same through most of a conversation. */
function conversationDaysSuffice(slice: Slice): boolean {
  const by = slice.by.filter((dimension) => !ofConversations.has(dimension))
  return daysSuffice({ ...slice, by, filters: slice.filters.filter(({ id }) => !ofConversations.has(id)) })
}

const messageColumns = { messages: 0, gpt_messages: 0, project_messages: 0 } as const
const ofMessages = { counts: 'messages', by: messageDimensions, filters: messageFilters }

/** User messages: one pass. */
export const sent: Part = {
  ...ofMessages,
  columns: messageColumns,
  adds: true,
  select(slice, binds, wanted) {
    const { from, sums } = messagesFrom(slice, binds)
    const figures = (['messages', 'gpt_messages', 'project_messages'] as const).filter((name) => wanted.has(name))
    // The outer query renames: a sum may not be called like the column that it sums.
    const inner = figures.map((name) => `${sums[name]} as sum_${name}`)
    return `select ${list(
      keyColumns(slice.by),
      figures.map((name) => `sum_${name} as ${name}`),
    )}
      from (select ${list(keysOf(slice, binds), inner)} from ${from} ${groupBy(keyColumns(slice.by))})`
  },
}

/** What each figure about senders is made of, per person. */
const perPerson = {
  messages: { of: 'messages', total: 'sum(sum_messages)' },
  gpt_messages: { of: 'gpt_messages', total: 'sum(sum_gpt_messages)' },
  project_messages: { of: 'project_messages', total: 'sum(sum_project_messages)' },
  active: { of: 'messages', total: 'countIf(person != 0 and sum_messages > 0)' },
  gpt_people: { of: 'gpt_messages', total: 'countIf(person != 0 and sum_gpt_messages > 0)' },
  project_people: { of: 'project_messages', total: 'countIf(person != 0 and sum_project_messages > 0)' },
} as const

/** Who sent them, with the messages again: first by person, so that a message taken back takes its sender back. Nobody is person 0. */
export const senders: Part = {
  ...ofMessages,
  columns: { ...messageColumns, active: 0, gpt_people: 0, project_people: 0 },
  select(slice, binds, wanted) {
    const { from, sums } = messagesFrom(slice, binds)
    const keys = keyColumns(slice.by)
    const figures = Object.entries(perPerson).filter(([name]) => wanted.has(name))
    const inner = [...new Set(figures.map(([, { of }]) => of))].map((name) => `${sums[name]} as sum_${name}`)
    return `select ${list(
      keys,
      figures.map(([name, { total }]) => `${total} as ${name}`),
    )}
      from (select ${list(keysOf(slice, binds), 'person', inner)} from ${from} ${groupBy([...keys, 'person'])}) ${groupBy(keys)}`
  },
}

/**
 * Conversations with a user message. The median of an even number lies between the two in the middle. There are always many groups: the
 * engine need not find that out, and merges what its threads counted a third faster for it.
 */
export const conversations: Part = {
  ...ofMessages,
  counts: 'conversations',
  columns: { conversations: 0, messages: 0, median: null },
  select(slice, binds) {
    const { from, sums } = conversationsFrom(slice, binds)
    const keys = keyColumns(slice.by)
    return `select ${list(keys, 'count() as conversations', 'sum(m) as messages', 'quantileExactInclusive(0.5)(m) as median')}
      from (select ${list(keysOf(slice, binds), 'conversation', `${sums.messages} as m`)} from ${from}
            ${groupBy([...keys, 'conversation'])} having m > 0) ${groupBy(keys)} settings group_by_two_level_threshold = 1`
  },
}
