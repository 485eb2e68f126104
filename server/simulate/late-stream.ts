import type { Found, JsonObject, ReadOptions } from '../intake/found.ts'
import type { ImportSource } from '../intake/import-run.ts'
import { secondsOfDay, timeText } from './calendar.ts'
import type { Company } from './company.ts'
import { Days } from './day.ts'
import { correctedPlace, correctedTime, isDeletedLate, offlineTalks } from './late.ts'
import { conversationId } from './records-activity.ts'
import { personRecord } from './records-company.ts'
import { talkRecords } from './records-talk.ts'
import { bytesOf, historyName, importerName, planText } from './stream.ts'
import type { Talk } from './talk.ts'
import type { MadeFile } from './telling.ts'

/** The records that arrive after a simulated history and are about its past, as an input of its own. */
export function lateSource(company: Company): ImportSource {
  return {
    name: importerName,
    source: 'chatgpt',
    unit: 'day',
    inOrder: true,
    identify: () => `late ${planText(company.plan)}`,
    read: (_path, options) => readLate(company, options),
  }
}

async function* readLate(company: Company, { resumeAt }: ReadOptions): AsyncGenerator<Found> {
  const { first, last } = company.plan
  const days = new Days(company)
  const total = last - first + 1
  for (let index = resumeAt?.(historyName) ?? 0; index < total; index++) {
    const at = { file: historyName, index }
    const files: MadeFile[] = []
    const day = first + index
    if (index === 0) for (const record of changedPeople(company)) yield { type: 'record', record, at }
    for (const talk of offlineTalks(company, day)) {
      const told = talkRecords(company, `late ${day}`, talk)
      files.push(...told.files)
      for (const record of told.records) yield { type: 'record', record, at }
    }
    for (const talk of days.plan(day).talks) for (const record of amendments(company, day, talk)) yield { type: 'record', record, at }
    for (const file of files) yield bytesOf(file, at)
    yield { type: 'step', file: historyName, index, bytesRead: index + 1, bytesTotal: total }
  }
}

/** A few people have another address from the end of the history on. */
function changedPeople({ people, plan }: Company): JsonObject[] {
  const end = (plan.last + 1) * secondsOfDay - 1
  return people
    .filter(({ place, joined, left }) => place % 13 === 5 && joined !== null && left === null)
    .map((person) => {
      const before = personRecord(person, end)
      const email = String(before.email)
      return {
        ...before,
        email: email.replace('@', '.new@'),
        former_emails: [...new Set([...person.emails.map(({ value }) => value), email])],
      }
    })
}

/** The same message with its right time, and deletions that come long after. */
function amendments(company: Company, day: number, talk: Talk): JsonObject[] {
  const place = correctedPlace(talk)
  const said = talk.said[place]
  const corrected = said ? correctedMessage(company, day, talk, place, correctedTime(company, talk, said)) : []
  if (!isDeletedLate(talk)) return corrected
  const source = company.people[talk.person]?.source ?? 'chatgpt'
  const of = { kind: 'conversation', id: conversationId(company, day, talk.number) }
  const deleted_at = timeText((company.plan.last + 1) * secondsOfDay - 1)
  return [...corrected, { kind: 'deletion', source, of, deleted_at, by: { kind: 'user', id: company.people[talk.person]?.id } }]
}

function correctedMessage(company: Company, day: number, talk: Talk, place: number, second: number): JsonObject[] {
  // The conversation's own record is the first; its messages follow in their order.
  const before = talkRecords(company, day, talk).records[place + 1]
  if (!before) return []
  const updated = (talk.said[place]?.at || talk.start) + 1
  return [{ ...before, created_at: timeText(second), updated_at: timeText(updated) }]
}
