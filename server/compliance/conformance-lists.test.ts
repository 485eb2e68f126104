import { describe, expect, test } from 'vitest'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { crowds, crowdUser } from '../../test/support/export-records.ts'
import { reference } from '../../test/support/export-reference.ts'
import { exportBase as base, providerError as error, joinQuery as join } from '../../test/support/export-workspace.ts'

const daybook = openTestApp()

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

  /** Lists inside one thing. */
  const within = /configs|shared_users|canvas\//

  test('is walked here', () => {
    const walked = new Set([...crowds.map(({ list }) => pathOf(list)), '/conversations', '/conversations/{conversation}/messages'])
    const elsewhere = reference.filter(({ get: path, pages }) => pages && !walked.has(path) && !within.test(path))
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
      const at = await daybook.place()
      await daybook.take(at.ingest, [{ kind: 'person', id: crowdUser }])
      const answer = await daybook.get(`${base(at)}${list}?after=never-heard-of`, at.read)
      expect([answer.statusCode, answer.json()]).toEqual([404, error('not_found_error', 'not_found', 'after')])
    },
  )

  test.each(['gpt', 'project'])(
    'the configurations of a %s, and whom it is shared with: defaults, maximums, and each once',
    async (kind) => {
      const at = await daybook.place()
      const recipients = Array.from({ length: 203 }, (_, i) => `user-${String(i).padStart(4, '0')}`)
      const version = (i: number) => ({ kind, id: 'one', name: `Version ${i}`, owner_id: 'user-owner', sharing: { recipients }, x: i })
      await daybook.take(
        at.ingest,
        Array.from({ length: 103 }, (_, i) => version(i)),
      )
      const length = async (path: string) => (await daybook.get(`${base(at)}/${kind}s/one/${path}`, at.read)).json().data.length
      expect(await Promise.all(['configs', 'configs?limit=1000', 'shared_users', 'shared_users?limit=5000'].map(length))).toEqual([
        20, 100, 200, 203,
      ])
      const seen = await walk(at, `/${kind}s/one/configs`, 30)
      expect([seen.length, new Set(seen).size]).toEqual([103, 103])
      expect(await walk(at, `/${kind}s/one/shared_users`, 50)).toEqual(recipients)
    },
  )

  test('the versions of a canvas: 30 unless told and at most, and each once', async () => {
    const at = await daybook.place()
    const record = (i: number) => ({ kind: 'canvas', id: 'one', person_id: 'user-1', version: i + 1, content: `${i}` })
    await daybook.take(
      at.ingest,
      Array.from({ length: 75 }, (_, i) => record(i)),
    )
    const page = async (query: string) =>
      (await daybook.get(`${base(at)}/users/user-1/canvas/one?${query}`, at.read)).json().version_contents
    expect((await page('')).data.length).toBe(30)
    const seen: number[] = []
    for (let after = 0; ; ) {
      const { data, last_version, has_more } = await page(`limit=1000&after=${after}`)
      expect(data.length).toBeLessThanOrEqual(30)
      seen.push(...data.map(({ version }: { version: number }) => version))
      if (!has_more) break
      after = last_version
    }
    expect(seen).toEqual(Array.from({ length: 75 }, (_, i) => i + 1))
  })

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
