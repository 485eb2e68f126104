import { beforeAll, describe, expect, test } from 'vitest'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { crowds, crowdUser, exported, ids } from '../../test/support/export-records.ts'
import { type Reference, reference } from '../../test/support/export-reference.ts'
import { uuid } from '../../test/support/records.ts'
import { compare, pathsOf } from '../../test/support/wire-shape.ts'
import { endpoints } from './export-endpoints.ts'

const daybook = openTestApp()

let place: Place
beforeAll(async () => {
  place = await daybook.place()
  expect((await daybook.take(place.ingest, exported)).rejected).toEqual([])
  const url = `/api/intake/files/${ids.file}/bytes`
  expect((await daybook.inject({ method: 'PUT', url, key: place.ingest, payload: 'the bytes' })).statusCode).toBe(200)
})

const base = ({ id }: { id: string }) => `/v1/compliance/workspaces/${id}`
const known: Record<string, string> = ids
const filled = (path: string, found = known) => path.replace(/\{(\w+)\}/g, (_, name: string) => found[name] ?? uuid())
const get = (path: string, key = place.read) => daybook.get(base(place) + path, key)
const join = (path: string, query: string) => `${path}${path.includes('?') ? '&' : '?'}${query}`

const error = (type: string, code: string, param: string | null = null) => ({ error: { message: expect.any(String), type, code, param } })

describe('every endpoint of the reference', () => {
  test.each(reference.filter(({ shape }) => shape !== null))('$get has the fields, types and constants that it says', async (row) => {
    const answer = await get(filled(row.get))
    expect(answer.statusCode, answer.body).toBe(200)
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
    const { wrong } = compare(row.shape ?? {}, answer.json(), { open: row.open === true, met: new Set() })
    expect(wrong).toEqual([])
  })

  test('and each of its fields is met with a value in the records of this test', async () => {
    const unmet = await Promise.all(
      reference.map(async ({ get: path, shape, open }) => {
        if (shape === null) return []
        const { met } = compare(shape, (await get(filled(path))).json(), { open: open === true, met: new Set() })
        return pathsOf(shape).flatMap((field) => (met.has(field) ? [] : [`${path} ${field}`]))
      }),
    )
    // Tools have no ids, a last page no cursor, and no record holds an environment.
    const never = /\.tools\.last_id$|\.cursor$|^\/codex_environments/
    expect(unmet.flat().filter((field) => !never.test(field))).toEqual([])
  })

  test.each(reference.filter(({ shape }) => shape === null))(
    '$get leads to the bytes with a 307, in one hop and without a header',
    async ({ get: path }) => {
      const answer = await get(filled(path))
      expect([answer.statusCode, answer.body]).toEqual([307, ''])
      const there = await daybook.inject({ method: 'GET', url: String(answer.headers.location) })
      expect([there.statusCode, there.body]).toEqual([200, 'the bytes'])
    },
  )

  test('is served, and nothing else is, but what the reference leaves unknown', () => {
    const plain = (path: string) => path.replace(/\{\w+\}|:\w+/g, '*').replace(/\?.*/, '')
    const named = new Set(reference.map(({ get: path }) => plain(path)))
    expect([...named].filter((path) => !endpoints.some((one) => plain(one.path) === path))).toEqual([])
    expect(endpoints.map((one) => plain(one.path)).filter((path) => !named.has(path))).toEqual(['/codex_environments/*'])
  })

  test('what it leaves unknown is written down: every list without stated limits, every object without stated fields', () => {
    const silent = ({ pages, shape, unknown }: Reference) =>
      unknown === undefined && (pages?.usual === null || pages?.most === null || (shape !== null && Object.keys(shape).length === 0))
    expect(reference.filter(silent).map(({ get: path }) => path)).toEqual([])
  })
})

describe('every endpoint refuses in the shape of the provider', () => {
  test.each(reference)('$get', async ({ get: path, pages }) => {
    const address = filled(path)
    const other = await daybook.place()
    const status = async (url: string, key: string | undefined, expected: object) => {
      const answer = await daybook.inject({ method: 'GET', url, ...(key === undefined ? {} : { key }) })
      expect(answer.json(), url).toEqual(expected)
      return answer.statusCode
    }
    expect(await status(base(place) + address, undefined, error('authentication_error', 'invalid_api_key'))).toBe(401)
    expect(await status(base(place) + address, place.ingest, error('permission_error', 'insufficient_permissions'))).toBe(403)
    const notFound = error('not_found_error', 'not_found')
    expect(await status(base(other) + address, place.read, notFound)).toBe(404)
    expect(await status(base({ id: uuid() }) + address, place.read, notFound)).toBe(404)
    for (const name of [...path.matchAll(/\{(\w+)\}/g)].map(([, one = '']) => one)) {
      const unknown = filled(path, { ...known, [name]: 'never-heard-of' })
      expect(await status(base(place) + unknown, place.read, notFound), unknown).toBe(404)
    }
    if (pages) {
      const wrong = error('invalid_request_error', 'bad_request', 'limit')
      for (const limit of ['0', '-1', 'many', '', '1.5'])
        expect(await status(base(place) + join(address, `limit=${limit}`), place.read, wrong)).toBe(400)
    }
  })

  test.each(reference)('$get ignores parameters that nobody knows', async ({ get: path, shape }) => {
    const address = filled(path)
    const [plain, more] = [
      await get(address),
      await get(join(address, 'order=desc&total=1&x[]=1&__proto__=1&user_id=nobody&origin=https://evil.example')),
    ]
    if (shape === null) return expect([more.statusCode, String(more.headers.location).startsWith('http://localhost')]).toEqual([307, true])
    const strip = (body: string) => body.replace(/"download_url":"[^"]*"/g, '')
    expect(strip(more.body)).toEqual(strip(plain.body))
    expect(more.body).not.toContain('evil.example')
  })
})

interface Page {
  data: { id: string }[]
  last_id: string | null
  has_more: boolean
}

/** A walk over a list as a connector goes: `after` = the last id until `has_more` is false; between its pages others write. */
async function walk(at: Place, path: string, limit: number, between: () => Promise<unknown> = async () => undefined): Promise<string[]> {
  const seen: string[] = []
  for (let after = ''; ; ) {
    const answer = await daybook.get(base(at) + join(path, `limit=${limit}${after}`), at.read)
    expect(answer.statusCode, answer.body).toBe(200)
    const page: Page = answer.json()
    expect(page.last_id).toBe(page.data.at(-1)?.id ?? null)
    expect(page.data.length).toBeLessThanOrEqual(limit)
    seen.push(...page.data.map(({ id }) => id))
    if (!page.has_more) return seen
    expect(page.data.length, 'a page that is followed by others is never empty').toBeGreaterThan(0)
    after = `&after=${encodeURIComponent(page.last_id ?? '')}`
    await between()
  }
}

describe('every list in pages', () => {
  const many = 203
  const pathOf = (list: string) => list.replace(crowdUser, '{user}')

  test('is walked here', () => {
    const walked = new Set([...crowds.map(({ list }) => pathOf(list)), '/conversations', '/conversations/{conversation}/messages'])
    const elsewhere = reference.filter(({ get: path, pages }) => pages && !walked.has(path) && !/configs|shared_users/.test(path))
    expect(elsewhere.map(({ get: path }) => path)).toEqual([])
  })

  test.each(crowds)('$list: its default, its maximum, and each item once', async ({ list, id, record }) => {
    const at = await daybook.place()
    await daybook.take(at.ingest, [
      { kind: 'person', id: crowdUser, status: 'pending' },
      ...Array.from({ length: many }, (_, i) => record(i)),
    ])
    const expected = Array.from({ length: many }, (_, i) => id(i))
    const invitee = list === '/invites' ? [crowdUser] : []
    const { usual, most } = reference.find(({ get: path }) => path === pathOf(list))?.pages ?? {}
    const length = async (query: string) => (await daybook.get(base(at) + list + query, at.read)).json().data.length
    expect(await length('')).toBe(usual ?? (await length('')))
    if (most) expect(await length('?limit=100000')).toBe(Math.min(most, many))
    for (const limit of [1000, 100, 29]) expect((await walk(at, list, limit)).sort()).toEqual([...expected, ...invitee].sort())
  })

  test.each(crowds)('$list: while others write and change, what was there is seen once', async ({ list, id, record }) => {
    const at = await daybook.place()
    const start = Array.from({ length: 40 }, (_, i) => i * 2)
    await daybook.take(at.ingest, [{ kind: 'person', id: crowdUser, status: 'pending' }, ...start.map(record)])
    let [turn, walking] = [0, true]
    const writer = async () => {
      for (let i = 2000; walking; i++) await daybook.take(at.ingest, [record(i), { ...record((i % 40) * 2), x_note: `${i}` }])
    }
    const writing = writer()
    const seen = await walk(at, list, 7, () => {
      turn++
      const changed = [record(turn * 4), record(78 - turn * 4), record(0)].map((one, i) => ({ ...one, x_note: `${turn} ${i}` }))
      return daybook.take(at.ingest, [...changed, record(turn * 10 + 1), record(1000 + turn)])
    })
    walking = false
    await writing
    const counts = new Map<string, number>()
    for (const one of seen) counts.set(one, (counts.get(one) ?? 0) + 1)
    expect(start.map((i) => counts.get(id(i)))).toEqual(start.map(() => 1))
    expect(seen.length).toBe(counts.size)
    expect(turn).toBeGreaterThan(4)
  })

  test.each(crowds)('$list: goes on after an item that was erased meanwhile, and never shows one', async ({ list, id, record }) => {
    const at = await daybook.place()
    await daybook.take(at.ingest, [
      { kind: 'person', id: crowdUser, status: 'pending' },
      ...Array.from({ length: 12 }, (_, i) => record(i)),
    ])
    const erase = async (i: number) => {
      const { id: itemId, kind } = Object(record(i))
      await daybook.ledger.database.writes.query(
        'delete from salts.log s using item i join workspace w using (organization_id, workspace_id) where w.id = $1 and i.kind = $2 and i.id = $3 and s.seq = i.seq',
        [at.id, kind, itemId],
      )
    }
    if (Object(record(0)).kind === 'person') return expect(await walk(at, list, 5)).toContain(id(11))
    let turn = 0
    const seen = await walk(at, list, 4, async () => {
      for (const i of turn++ === 0 ? [3, 4, 5, 6, 7] : []) await erase(i)
    })
    expect(seen.filter((one) => one !== crowdUser)).toEqual([0, 1, 2, 3, 8, 9, 10, 11].map(id))
  })

  test.each(crowds.filter(({ list }) => !/^\/(users|memories|invites)$/.test(list)))(
    '$list: what "after" names has to be known',
    async ({ list }) => {
      await daybook.take(place.ingest, [{ kind: 'person', id: crowdUser }])
      const answer = await get(`${list}?after=never-heard-of`)
      expect([answer.statusCode, answer.json()]).toEqual([404, error('not_found_error', 'not_found', 'after')])
    },
  )

  test('those of the later endpoints go on with cursor as well as with after, and name both', async () => {
    const at = await daybook.place()
    await daybook.take(
      at.ingest,
      Array.from({ length: 5 }, (_, i) => ({ kind: 'codex_task', id: `t-${i}` })),
    )
    const page = async (query: string) => (await daybook.get(`${base(at)}/codex_tasks?limit=2${query}`, at.read)).json()
    const first = await page('')
    expect(first).toMatchObject({ cursor: 't-1', last_id: 't-1', has_more: true })
    expect(await page(`&cursor=${first.cursor}`)).toEqual(await page(`&after=${first.last_id}`))
    expect(await page('&cursor=t-3')).toMatchObject({ cursor: null, last_id: 't-4', has_more: false })
  })
})

test('every read is on record, by its endpoint and with the ids it gave away', async () => {
  for (const { get: path } of reference) {
    const answer = await get(filled(path))
    const [entry] = (await daybook.allEntries()).slice(-1)
    expect(entry, path).toMatchObject({
      kind: 'access',
      outcome: 'allowed',
      workspace_id: place.id,
      request_id: answer.headers['x-request-id'],
    })
    // Messages and configurations are given away under the id of what they belong to.
    const whole = answer.statusCode === 307 || /messages|configs/.test(path)
    const shown: unknown[] = whole ? [path] : (answer.json().data ?? [path])
    expect(entry?.count, path).toBe(shown.length)
    expect(JSON.stringify(entry?.query), path).not.toMatch(/localhost|origin/)
  }
})

test('the description of the API has each of them', async () => {
  const { paths } = (await daybook.inject({ method: 'GET', url: '/api/docs/json' })).json()
  const described = endpoints.map(({ path }) => `/v1/compliance/workspaces/{workspace_id}${path.replace(/:(\w+)/g, '{$1}')}`)
  expect(described.filter((path) => paths[path]?.get?.summary === undefined)).toEqual([])
})
