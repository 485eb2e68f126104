import type { JsonObject } from '../intake/found.ts'
import { dayText, secondsOfDay, timeText, weekdayOf } from './calendar.ts'
import type { Company } from './company.ts'
import { usesOn } from './company.ts'
import type { CodingWork, Day } from './day.ts'
import { tagged, uuid } from './ids.ts'
import { randomOf } from './plan.ts'
import type { Random } from './random.ts'
import { models } from './vocabulary.ts'
import { titleWords } from './words/chat.ts'
import { transcriptWords } from './words/content.ts'

/** What a day leaves beside conversations: coding sessions, tasks of coding agents, recordings, credits. */
export function workRecords(company: Company, { day, talks, coding }: Day): JsonObject[] {
  const random = randomOf(company.plan, 'work', day)
  return [
    ...coding.map((work) => codingRecord(company, random, work)),
    ...coding.filter((_, i) => i % 9 === 0).map((work) => taskRecord(company, random, work)),
    ...talks.filter(() => random.int(70) === 0).map(({ person, start }) => recordingRecord(company, random, person, start)),
    ...(weekdayOf(day) === 1 ? creditRecords(company, day) : []),
  ]
}

const personId = (company: Company, place: number) => company.people[place]?.id ?? ''
const sourceOf = (company: Company, place: number) => company.people[place]?.source ?? 'chatgpt'

function codingRecord(company: Company, random: Random, work: CodingWork): JsonObject {
  const { accepted, rejected } = work
  const edits = Math.floor(accepted / 2)
  return {
    kind: 'coding_session',
    id: uuid(random),
    source: sourceOf(company, work.person),
    person_id: personId(company, work.person),
    started_at: timeText(work.start),
    ended_at: timeText(work.start + work.seconds),
    updated_at: timeText(work.start + work.seconds),
    surface: random.pick(['terminal', 'vscode', 'web']),
    model: models[work.model]?.slug,
    commits: work.commits,
    pull_requests: work.pullRequests,
    lines_added: work.linesAdded,
    lines_removed: work.linesRemoved,
    tool_actions: {
      edit: { accepted: edits, rejected },
      multi_edit: { accepted: 0, rejected: 0 },
      write: { accepted: accepted - edits, rejected: 0 },
      notebook_edit: { accepted: 0, rejected: 0 },
    },
    tokens: { input: 900 + random.int(90_000), output: 300 + random.int(20_000), cached: random.int(60_000) },
  }
}

function taskRecord(company: Company, random: Random, { person, start, seconds }: CodingWork): JsonObject {
  const language = company.people[person]?.language ?? 'en'
  return {
    kind: 'codex_task',
    id: tagged(random, 'task_e_'),
    source: sourceOf(company, person),
    title: titleWords(random, language, 'coding and debugging'),
    person_id: personId(company, person),
    created_at: timeText(start + 30),
    updated_at: timeText(start + seconds),
    data: { status: random.pick(['completed', 'completed', 'failed']) },
  }
}

function recordingRecord(company: Company, random: Random, person: number, start: number): JsonObject {
  const language = company.people[person]?.language ?? 'en'
  return {
    kind: 'recording',
    id: uuid(random),
    source: sourceOf(company, person),
    person_id: personId(company, person),
    title: titleWords(random, language, 'summarising'),
    created_at: timeText(start),
    updated_at: timeText(start),
    duration_s: 120 + random.int(3600),
    transcript: transcriptWords(random, language),
    summary: titleWords(random, language, 'summarising'),
  }
}

/** Credits of the week before, by person. */
function creditRecords(company: Company, day: number): JsonObject[] {
  const random = randomOf(company.plan, 'credits', day)
  return company.people.flatMap((person) => {
    const credits = random.int(400)
    if (person.source !== 'chatgpt' || person.place % 4 !== 0 || !usesOn(person, day)) return []
    return [
      {
        kind: 'credit',
        id: `credit-${person.id.slice(5, 17)}-${dayText(day)}`,
        source: 'chatgpt',
        person_id: person.id,
        day: dayText(day),
        credits,
      },
    ]
  })
}

/** The second before midnight: what stands in no conversation is sent when the day is over. */
export const endOfDay = (day: number): number => (day + 1) * secondsOfDay - 1
