import { beforeAll, describe, expect, test } from 'vitest'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { referenceDeletes } from '../../test/support/export-deletes.ts'
import { exported, ids } from '../../test/support/export-records.ts'
import { exportBase as base, providerError as error, filledPath } from '../../test/support/export-workspace.ts'
import { uuid } from '../../test/support/records.ts'
import { stoppedClock } from '../platform/clock.ts'
import { deleteEndpoints } from './delete-endpoints.ts'

const daybook = openTestApp()
const limited = openTestApp({ clock: stoppedClock('2026-11-21T10:00:15Z'), limits: '{"provider":1}' })

const known: Record<string, string> = { ...ids, memory: 'memory-1', context: 'context-1', automation: 'automation-1' }
const filled = (path: string, others: Record<string, string> = {}) => filledPath(path, { ...known, ...others })
const served = referenceDeletes.filter(({ object }) => object !== null)
const notFound = error('not_found_error', 'not_found')

let place: Place
let key: string
beforeAll(async () => {
  place = await daybook.place()
  await daybook.take(place.ingest, exported)
  key = await daybook.key(['compliance:delete'], place)
})

/** Status and body of a DELETE. */
async function remove(at: { id: string }, path: string, by: string | undefined): Promise<[number, unknown]> {
  const answer = await daybook.inject({ method: 'DELETE', url: base(at) + path, ...(by === undefined ? {} : { key: by }) })
  return [answer.statusCode, answer.json()]
}

describe('every deletion of the reference', () => {
  test.each(served)('$path refuses in the shape of the provider, and then nothing is gone', async ({ path }) => {
    const address = filled(path)
    expect(await remove(place, address, undefined)).toEqual([401, error('authentication_error', 'invalid_api_key')])
    expect(await remove(place, address, place.read)).toEqual([403, error('permission_error', 'insufficient_permissions')])
    expect(await remove(await daybook.place(), address, key)).toEqual([404, notFound])
    expect(await remove({ id: uuid() }, address, key)).toEqual([404, notFound])
    for (const name of [...path.matchAll(/\{(\w+)\}/g)].map(([, one = '']) => one))
      expect(await remove(place, filled(path, { [name]: 'never-heard-of' }), key), name).toEqual([404, notFound])
  })

  test.each(served)('$path has to be waited for when it comes too fast', async ({ path }) => {
    const { id } = await limited.place()
    const by = await limited.key(['compliance:delete'])
    const request = { method: 'DELETE', url: base({ id }) + filled(path), key: by } as const
    await limited.inject(request)
    const answer = await limited.inject(request)
    expect([answer.statusCode, answer.headers['retry-after'], answer.json()]).toEqual([
      429,
      '45',
      error('rate_limit_error', 'rate_limit_exceeded'),
    ])
  })

  test.each(served)(
    '$path says what it deleted in three fields, and the second time that there is no such thing',
    async ({ path, object, id = '' }) => {
      const at = await daybook.place()
      expect((await daybook.take(at.ingest, exported)).rejected).toEqual([])
      const by = await daybook.key(['compliance:delete'], at)
      expect(await remove(at, filled(path), by)).toEqual([200, { deleted: true, object, id: known[id] }])
      expect(await remove(at, filled(path), by)).toEqual([404, notFound])
    },
  )

  test('is served, or clearly is not: nothing else is deleted', async () => {
    const plain = (path: string) => path.replace(/\{\w+\}|:\w+/g, '*')
    expect(new Set(served.map(({ path }) => plain(path)))).toEqual(new Set(deleteEndpoints.map(({ path }) => plain(path))))
    for (const { path, object } of referenceDeletes)
      if (object === null) expect(await remove(place, filled(path), key), path).toEqual([404, notFound])
  })

  test.each(['/agents/{agent}/unpublish', '/users/{user}/memory/delete_and_disable', '/memory/delete_and_disable', '/skills'])(
    'nor is anything by POST %s',
    async (path) => {
      const answer = await daybook.inject({ method: 'POST', url: base(place) + filled(path), key })
      expect([answer.statusCode, answer.json()]).toEqual([404, notFound])
    },
  )
})
