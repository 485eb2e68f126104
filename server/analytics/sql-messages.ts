import type { Binds } from './sql.ts'
import { all, conditionsOf, daysSuffice, groupBy, keyColumns, keysOf, list, presenceOf, type Slice, whereOf } from './sql-facts.ts'
import { messageDimensions, messageFilters, type Part } from './sql-part.ts'

/** Where user messages are counted: in the roll-up of people by day when that is enough, else message by message. */
function source(slice: Slice, binds: Binds) {
  const where = whereOf(slice, binds)
  if (daysSuffice(slice))
    return {
      from: `person_day where ${all(where, conditionsOf(slice, binds))}`,
      sums: 'sum(messages) as m, sum(gpt_messages) as g, sum(project_messages) as p',
    }
  return {
    from: `message_fact where ${all(where, ['counted'], presenceOf(slice), conditionsOf(slice, binds))}`,
    sums: 'sum(sign) as m, sumIf(sign, gpt != 0) as g, sumIf(sign, project != 0) as p',
  }
}

const messageColumns = { messages: 0, gpt_messages: 0, project_messages: 0 } as const
const ofMessages = { counts: 'messages', by: messageDimensions, filters: messageFilters }

/** User messages: one pass. */
export const sent: Part = {
  ...ofMessages,
  columns: messageColumns,
  select(slice, binds) {
    const { from, sums } = source(slice, binds)
    const keys = keyColumns(slice.by)
    return `select ${list(keys, 'm as messages', 'g as gpt_messages', 'p as project_messages')}
      from (select ${list(keysOf(slice, binds), sums)} from ${from} ${groupBy(keys)})`
  },
}

/** Who sent them, with the messages again: first by person, so that a message taken back takes its sender back. Nobody is person 0. */
export const senders: Part = {
  ...ofMessages,
  columns: { ...messageColumns, active: 0, gpt_people: 0, project_people: 0 },
  select(slice, binds) {
    const { from, sums } = source(slice, binds)
    const keys = keyColumns(slice.by)
    return `select ${list(keys, 'sum(m) as messages', 'sum(g) as gpt_messages', 'sum(p) as project_messages')},
        countIf(person != 0 and m > 0) as active, countIf(person != 0 and g > 0) as gpt_people, countIf(person != 0 and p > 0) as project_people
      from (select ${list(keysOf(slice, binds), 'person', sums)} from ${from} ${groupBy([...keys, 'person'])}) ${groupBy(keys)}`
  },
}

/** Conversations with a user message. The median of an even number lies between the two in the middle. */
export const conversations: Part = {
  ...ofMessages,
  counts: 'conversations',
  columns: { conversations: 0, messages: 0, median: null },
  select(slice, binds) {
    const where = all(whereOf(slice, binds), ['counted'], presenceOf(slice), conditionsOf(slice, binds))
    const keys = keyColumns(slice.by)
    return `select ${list(keys)}${keys.length > 0 ? ',' : ''} count() as conversations, sum(m) as messages, quantileExactInclusive(0.5)(m) as median
      from (select ${list(keysOf(slice, binds), 'conversation', 'sum(sign) as m')} from message_fact where ${where}
            ${groupBy([...keys, 'conversation'])} having m > 0) ${groupBy(keys)}`
  },
}
