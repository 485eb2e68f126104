import { expect } from 'vitest'
import { operatorContext } from '../../server/people/operator.ts'
import { workspaceNamed } from '../../server/people/workspaces.ts'
import { planOf, simulate } from '../../server/simulate/run.ts'
import type { Place, TestApp } from './app.ts'
import { exported, ids } from './export-records.ts'
import { uuid } from './records.ts'

const company = { people: 12, days: 30, seed: 'the export', until: '2025-06-30', messagesPerPerson: 800 }

/** A simulated workspace, and in it one record of every kind with every field. */
export async function exportWorkspace(daybook: TestApp): Promise<Place> {
  const place = await daybook.place()
  const workspace = await workspaceNamed(daybook.ledger, place.id)
  const plan = planOf(daybook.ledger, company, 0)
  const { summary } = await simulate(operatorContext(daybook.ledger), { workspace, plan, late: false, onProgress: () => undefined })
  expect(summary.rejected_count).toBe(0)
  expect((await daybook.take(place.ingest, exported)).rejected).toEqual([])
  const url = `/api/intake/files/${ids.file}/bytes`
  expect((await daybook.inject({ method: 'PUT', url, key: place.ingest, payload: 'the bytes' })).statusCode).toBe(200)
  return place
}

export const exportBase = ({ id }: { id: string }) => `/v1/compliance/workspaces/${id}`

const known: Record<string, string> = ids

/** A path of the reference with an example's ids in it, or with others. */
export const filledPath = (path: string, others: Record<string, string> = {}) =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => others[name] ?? known[name] ?? uuid())

export const joinQuery = (path: string, query: string) => `${path}${path.includes('?') ? '&' : '?'}${query}`

/** An error as the provider's platform has it. */
export const providerError = (type: string, code: string, param: string | null = null) => ({
  error: { message: expect.any(String), type, code, param },
})
