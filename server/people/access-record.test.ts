import { expect, test } from 'vitest'
import { type AccessEntry, accessPage } from '../../contract/access.ts'
import { openTestApp } from '../../test/support/app.ts'

const daybook = openTestApp()

async function read(key: string, query = ''): Promise<{ data: AccessEntry[]; next_before: number | null }> {
  const answer = await daybook.get(`/api/access${query}`, key)
  expect(answer.statusCode, answer.body).toBe(200)
  return accessPage.parse(answer.json())
}

test('a read of chats and a denied one stand in the record, with who, what, when and from where', async () => {
  const place = await daybook.place()
  const key = await daybook.key(['activity:read'])
  await daybook.get(`/v1/compliance/workspaces/${place.id}/conversations`, place.read)
  await daybook.get(`/v1/compliance/workspaces/${place.id}/conversations`, place.ingest)
  const [denied, allowed] = (await read(key, '?action=conversations.list')).data
  expect(allowed).toMatchObject({
    outcome: 'allowed',
    kind: 'access',
    workspace_id: place.id,
    address: '127.0.0.1',
    actor: { kind: 'key' },
  })
  expect(denied).toMatchObject({ outcome: 'denied', reason: 'needs compliance:read' })
})

test('reading the record is itself recorded, with the ids that were given out', async () => {
  const key = await daybook.key(['activity:read'])
  const first = await read(key, '?limit=3')
  const [newest] = (await read(key, '?limit=1')).data
  expect(newest).toMatchObject({ action: 'access.list', count: 3, ids: first.data.map(({ id }) => id), query: { limit: 3 } })
})

test('pages follow each other without a gap and without an entry twice, while new entries arrive', async () => {
  const key = await daybook.key(['activity:read'])
  const seen: number[] = []
  for (let before: number | null = null, pages = 0; pages === 0 || before !== null; pages++) {
    const page: Awaited<ReturnType<typeof read>> = await read(key, `?limit=4${before === null ? '' : `&before=${before}`}`)
    seen.push(...page.data.map(({ seq }) => seq))
    before = page.next_before
  }
  const [top = 0] = seen
  const stored = await daybook.rows<{ seq: number }>(`select seq from log where source = 'daybook' and seq <= $1 order by seq desc`, [top])
  expect(seen).toEqual(stored.map(({ seq }) => seq))
})

test('a filter finds what is far back, page by page', async () => {
  const key = await daybook.key(['activity:read'])
  const denied = await read(key, '?outcome=denied')
  expect(denied.data.length).toBeGreaterThan(0)
  expect(denied.data.every(({ outcome }) => outcome === 'denied')).toBe(true)
  expect((await read(key, '?action=no.such.thing')).data).toEqual([])
})

test('who is bound to a workspace reads the record of that workspace', async () => {
  const [own, other] = [await daybook.place(), await daybook.place()]
  for (const { id, read: key } of [own, other]) await daybook.get(`/v1/compliance/workspaces/${id}/users`, key)
  const { data } = await read(await daybook.key(['activity:read'], own))
  expect(data.length).toBeGreaterThan(0)
  expect(data.every(({ workspace_id }) => workspace_id === own.id)).toBe(true)
})
