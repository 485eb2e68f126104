import { Readable } from 'node:stream'
import type { Found, JsonObject, ReadOptions } from '../intake/found.ts'
import type { ImportSource } from '../intake/import-run.ts'
import { activityRecord, type Deed } from './activity.ts'
import { dayOfSecond } from './calendar.ts'
import type { Company } from './company.ts'
import { Days } from './day.ts'
import { type Incident, incidentsOf } from './incidents.ts'
import type { Plan } from './plan.ts'
import { randomOf } from './plan.ts'
import { companyDeeds, dailyActivity } from './records-activity.ts'
import { changesOf } from './records-company.ts'
import { talkRecords } from './records-talk.ts'
import { workRecords } from './records-work.ts'
import type { MadeFile } from './telling.ts'

/** The name under which simulated records come in. */
export const importerName = 'simulate'

/** Days that are handed over and acknowledged together, the bytes of their files last. */
const daysPerStep = 7

/** A simulated company as an input like any other: its history day by day. */
export function companySource(company: Company): ImportSource {
  return {
    name: importerName,
    source: 'chatgpt',
    unit: 'week',
    inOrder: true,
    identify: () => planText(company.plan),
    read: (_path, options) => readCompany(company, options),
  }
}

export const planText = ({ seed, position, people, first, last, messagesPerPerson }: Plan): string =>
  JSON.stringify([seed, position, people, first, last, messagesPerPerson])

/** Where in the simulated input something stands. */
export const historyName = 'history'

async function* readCompany(company: Company, { resumeAt }: ReadOptions): AsyncGenerator<Found> {
  const { first, last } = company.plan
  const history = new History(company)
  const steps = Math.ceil((last - first + 1) / daysPerStep)
  for (let index = resumeAt?.(historyName) ?? 0; index < steps; index++) {
    const files: MadeFile[] = []
    const at = { file: historyName, index }
    const until = Math.min(last, first + (index + 1) * daysPerStep - 1)
    for (let day = first + index * daysPerStep; day <= until; day++)
      for (const record of history.recordsOf(day, files)) yield { type: 'record', record, at }
    for (const file of files) yield bytesOf(file, at)
    yield { type: 'step', file: historyName, index, bytesRead: until - first + 1, bytesTotal: last - first + 1 }
  }
}

export function bytesOf({ id, bytes }: MadeFile, at: { file: string; index: number }): Found {
  return { type: 'bytes', fileId: id, name: 'file', size: bytes.length, open: () => Promise.resolve(Readable.from([bytes])), at }
}

/** The records of each day, whichever is asked for. */
export class History {
  readonly #company: Company
  readonly #days: Days
  readonly #changes: Map<number, (() => JsonObject)[]>
  readonly #deeds: Map<number, Deed[]>
  readonly #incidents: Map<number, Incident[]>

  constructor(company: Company) {
    this.#company = company
    this.#days = new Days(company)
    const { first } = company.plan
    // What was there before the history begins comes with its first day.
    const dayOf = ({ at }: { at: number }) => Math.max(first, dayOfSecond(at))
    this.#changes = new Map([...Map.groupBy(changesOf(company), dayOf)].map(([day, changes]) => [day, changes.map(({ record }) => record)]))
    this.#deeds = Map.groupBy(
      companyDeeds(company).filter(({ at }) => dayOfSecond(at) >= first),
      dayOf,
    )
    this.#incidents = Map.groupBy(incidentsOf(company), ({ first: begins }) => dayOfSecond(begins))
  }

  *recordsOf(day: number, files: MadeFile[]): Generator<JsonObject> {
    for (const record of this.#changes.get(day) ?? []) yield record()
    const plan = this.#days.plan(day)
    for (const talk of plan.talks) {
      const told = talkRecords(this.#company, day, talk)
      files.push(...told.files)
      yield* told.records
    }
    yield* workRecords(this.#company, plan)
    const random = randomOf(this.#company.plan, 'deeds', day)
    for (const deed of this.#deeds.get(day) ?? []) yield activityRecord(random, deed)
    yield* dailyActivity(this.#company, plan)
    for (const { records } of this.#incidents.get(day) ?? []) yield* records
  }
}
