import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { type Reference, reference, unknowns } from '../../test/support/export-reference.ts'
import { exportBase as base, exportWorkspace, filledPath as filled, joinQuery as join } from '../../test/support/export-workspace.ts'
import { compare, pathsOf } from '../../test/support/wire-shape.ts'
import { endpoints } from './export-endpoints.ts'

const daybook = openTestApp()

let place: Place
beforeAll(async () => {
  place = await exportWorkspace(daybook)
})

const get = (path: string) => daybook.get(base(place) + path, place.read)

/** The replies to a path; of a list all pages, at its largest. */
async function replies(path: string): Promise<unknown[]> {
  const found: unknown[] = []
  for (let query = ''; ; ) {
    const answer = await get(join(path, query))
    expect(answer.statusCode, answer.body).toBe(200)
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
    const reply = answer.json()
    found.push(reply)
    if (reply.has_more !== true) return found
    query = `after=${encodeURIComponent(reply.last_id)}`
  }
}

/** The path for the example, and for some of what was simulated where it is about one person, GPT or project. */
async function paths({ get: path }: Reference): Promise<string[]> {
  const [name = '', ...others] = [...path.matchAll(/\{(\w+)\}/g)].map(([, one = '']) => one)
  const list = { user: '/users', gpt: '/gpts', project: '/projects' }[name]
  if (list === undefined || others.length > 0) return [filled(path)]
  const { data }: { data: { id: string }[] } = (await get(`${list}?limit=6`)).json()
  return [filled(path), ...data.map(({ id }) => filled(path, { [name]: id }))]
}

describe('every endpoint of the reference', () => {
  const met = new Map<string, Set<string>>()

  test.each(reference.filter(({ shape }) => shape !== null))('$get has the fields, types and constants that it says', async (row) => {
    const fields = new Set<string>()
    met.set(row.get, fields)
    for (const path of await paths(row))
      for (const reply of await replies(path))
        expect(compare(row.shape ?? {}, reply, { open: row.open === true, met: fields }).wrong.slice(0, 5), path).toEqual([])
  })

  test('and each of its fields is met with a value', () => {
    const unmet = reference.flatMap(({ get: path, shape }) =>
      shape === null ? [] : pathsOf(shape).flatMap((field) => (met.get(path)?.has(field) ? [] : [`${path} ${field}`])),
    )
    // Tools have no ids, the last page of a list no cursor, and no record holds an environment.
    const never = /\.tools\.last_id$|\.cursor$|^\/codex_environments/
    expect(unmet.filter((field) => !never.test(field))).toEqual([])
  })

  test.each(reference.filter(({ shape }) => shape === null))(
    '$get leads to the bytes with a 307, in one hop and without a header; without bytes it is 410',
    async ({ get: path }) => {
      const answer = await get(filled(path))
      expect([answer.statusCode, answer.body]).toEqual([307, ''])
      const there = await daybook.inject({ method: 'GET', url: String(answer.headers.location) })
      expect([there.statusCode, there.body]).toEqual([200, 'the bytes'])
      const gone = await get(filled(path, { file: filled('{lost_file}') }))
      expect([gone.statusCode, gone.json().error.code]).toEqual([410, 'gone'])
    },
  )

  test('is served, and nothing else is, but what the reference leaves unknown', () => {
    const plain = (path: string) => path.replace(/\{\w+\}|:\w+/g, '*').replace(/\?.*/, '')
    const named = new Set(reference.map(({ get: path }) => plain(path)))
    expect([...named].filter((path) => !endpoints.some((one) => plain(one.path) === path))).toEqual([])
    expect(endpoints.map((one) => plain(one.path)).filter((path) => !named.has(path))).toEqual(['/codex_environments/*'])
  })
})

describe('what the reference leaves unknown', () => {
  test('is said of every list without stated limits, and of every object without stated fields', () => {
    const silent = ({ pages, shape, unknown }: Reference) =>
      unknown === undefined && (pages?.usual === null || pages?.most === null || (shape !== null && Object.keys(shape).length === 0))
    expect(reference.filter(silent).map(({ get: path }) => path)).toEqual([])
  })

  test('stands in the documentation, and nothing else does', () => {
    const text = readFileSync(new URL('../../docs/compliance-api.md', import.meta.url), 'utf8')
    const [, section = ''] = text.split('## What the reference leaves unknown')
    const rows = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| Where'))
    expect(rows).toEqual(unknowns)
  })
})

describe('what clients check besides', () => {
  interface Said {
    id: string
    created_at: number
    last_active_at: number
    messages: { data: { created_at: number | null }[]; has_more: boolean }
  }

  test('a conversation is whole, does not end before it begins, and its messages lie between, within ten minutes', async () => {
    const all = (await replies('/conversations')).flatMap((page) => Object(page).data as Said[])
    expect(all.length).toBeGreaterThan(50)
    const outside = all.filter(({ created_at, last_active_at, messages }) => {
      const times = messages.data.flatMap((one) => (one.created_at === null ? [] : [one.created_at]))
      return created_at > last_active_at || messages.has_more || times.some((at) => at < created_at - 600 || at > last_active_at + 600)
    })
    expect(outside).toEqual([])
  })

  test('only a tool of somebody’s own making tells what it calls', async () => {
    const assets = (await replies('/gpts')).flatMap((page) => Object(page).data)
    const tools: { type: string }[] = assets.flatMap(({ latest_config: { data } }) => data[0].tools.data)
    const told = tools.filter((tool) => 'action_domain' in tool && 'auth_type' in tool)
    expect(new Set(told.map(({ type }) => type))).toEqual(new Set(['custom_action']))
    expect(tools.filter(({ type }) => type === 'custom_action')).toEqual(told)
  })
})

test('every read is on record, by its endpoint and with the ids it gave away', async () => {
  for (const { get: path } of reference) {
    const answer = await get(filled(path))
    const [entry] = (await daybook.allEntries()).slice(-1)
    expect(entry, path).toMatchObject({
      ...{ kind: 'access', outcome: 'allowed', workspace_id: place.id },
      request_id: answer.headers['x-request-id'],
    })
    // Messages, configurations and memories are given away under the id of what they belong to, or under their own.
    if (answer.statusCode === 307 || /messages|configs|memories/.test(path)) expect(entry?.count, path).toBeGreaterThan(0)
    else expect(entry?.count, path).toBe((answer.json().data ?? [path]).length)
    expect(JSON.stringify(entry?.query), path).not.toMatch(/localhost|origin/)
  }
})
