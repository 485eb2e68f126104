import { Temporal } from 'temporal-polyfill'
import { daybookCommand } from '../support/cli.ts'
import { conversation, message, person } from '../support/records.ts'
import type { Demo } from './demo.ts'

/** The whole month before this one, in which everybody of the company wrote. */
export const lastMonth = Temporal.Now.plainDateISO('UTC').with({ day: 1 }).subtract({ months: 1 })

const staff = Array.from({ length: 46 }, (_, i) => `staff-${i}`)

/** Forty-six people: Legal is small, Operations the next smallest; the pilot is made by hand of two who are in other groups as well. */
const groups = {
  legal: { name: 'Legal', member_ids: staff.slice(0, 7) },
  ops: { name: 'Operations', member_ids: staff.slice(7, 18) },
  sales: { name: 'Sales', member_ids: staff.slice(18, 33) },
  support: { name: 'Support', member_ids: staff.slice(33) },
  pilot: { name: 'Pilot', member_ids: staff.slice(8, 30), origin: 'manual' },
}

export interface Company {
  readonly id: string
  set(...options: string[]): Promise<void>
}

/** A workspace of a demo in which groups use it, or in which nobody has said anything of groups. */
export async function makeCompany(demo: Demo, name: string, which: readonly (keyof typeof groups)[]): Promise<Company> {
  const id = (await daybookCommand(demo.data, 'workspace', 'create', '--name', name)).stdout.trim()
  const day = (i: number) => lastMonth.add({ days: i % 28 })
  const records: { kind: string }[] = [
    ...staff.map((one, i) => person(one, { name: `Person ${i}`, role: i === 0 ? 'owner' : 'member', created_at: '2024-01-01T00:00:00Z' })),
    ...which.map((group) => ({ kind: 'group', id: group, ...groups[group] })),
    ...staff.flatMap((one, i) => [
      conversation(`c-${one}`, one, { created_at: `${day(i)}T09:00:00Z` }),
      message(`m-${one}`, `c-${one}`, { created_at: `${day(i)}T09:00:00Z` }),
    ]),
  ]
  const answer = await fetch(`${demo.url}/api/intake/records`, {
    method: 'POST',
    headers: { authorization: `Bearer ${demo.keys.ingest}`, 'content-type': 'application/x-ndjson' },
    body: records.map((record) => JSON.stringify({ ...record, workspace_id: id })).join('\n'),
  })
  if (!answer.ok) throw new Error(`the records were answered with ${answer.status}`)
  const set = async (...options: string[]) => {
    const { code, stderr } = await daybookCommand(demo.data, 'workspace', 'set', id, ...options)
    if (code !== 0) throw new Error(stderr)
  }
  return { id, set }
}
