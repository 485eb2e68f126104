import { beforeAll, describe, expect, test } from 'vitest'
import { type AnalyticsReply, analyticsReply } from '../../contract/analytics.ts'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { member, signIn, visit } from '../../test/support/people.ts'
import { conversation, message, person } from '../../test/support/records.ts'
import { operatorContext } from '../people/operator.ts'
import { setWorkspace } from '../people/workspaces.ts'
import { stoppedClock } from '../platform/clock.ts'
import { Follower } from './follow.ts'
import { readerOf } from './privacy.ts'

const daybook = openTestApp({ clock: stoppedClock('2025-01-20T12:00:00Z') })
const tooFew = { hidden: 'too-few-people' }
const staff = Array.from({ length: 46 }, (_, i) => `person-${String(i).padStart(2, '0')}`)
const month = 'range=2024-12'
let place: Place
let key: string

/** Forty-six people: Legal is too small, Ops the next smallest; everybody but Legal, whose members wrote 700 messages, wrote one. */
const groups = { legal: staff.slice(0, 7), ops: staff.slice(7, 18), sales: staff.slice(18, 33), support: staff.slice(33) }
const written = [...Array(700).keys()].map((i) => staff[i % 7]).concat(staff.slice(7))

function records(): object[] {
  return [
    ...staff.map((id, i) =>
      person(id, { name: `Secret Name ${i}`, role: i === 0 ? 'owner' : 'member', created_at: '2024-01-01T00:00:00Z' }),
    ),
    ...Object.entries(groups).map(([id, ids]) => ({ kind: 'group', id, name: id, member_ids: ids })),
    ...written.flatMap((by, i) => [
      conversation(`c${i}`, by ?? '', i % 50 === 0 ? { gpt_id: 'g-1' } : {}),
      message(`m${i}`, `c${i}`, { created_at: `2024-12-${String((i % 28) + 1).padStart(2, '0')}T10:00:00Z` }),
    ]),
  ]
}

beforeAll(async () => {
  place = await daybook.place()
  key = await daybook.key(['analytics:read'], place)
  await daybook.take(place.ingest, records())
  await new Follower(daybook.ledger).catchUp()
})

const set = (changes: object, where = place) => {
  const { number, id, name } = where
  return setWorkspace(operatorContext(daybook.ledger), { workspace: { number, id, name }, ...changes })
}
const url = (parameters: string, where = place) => `/api/analytics/query?workspace_id=${where.id}&${parameters}`
const ask = (parameters: string) => daybook.get(url(parameters), key)

async function counted(parameters: string): Promise<AnalyticsReply> {
  const answer = await ask(parameters)
  expect(answer.statusCode, answer.body).toBe(200)
  return analyticsReply.parse(answer.json())
}

describe('a workspace that shows pseudonyms', () => {
  beforeAll(() => set({ privacyMode: 'pseudonymous' }))

  test('names nobody: neither by name nor by an id of the record', async () => {
    const answer = await ask(`metrics=messages&by=person&${month}`)
    expect(answer.body).not.toMatch(/Secret|person-\d|user-/)
    const { rows } = analyticsReply.parse(answer.json())
    expect(rows).toHaveLength(staff.length)
    for (const row of rows)
      expect(row).toEqual({ person: expect.stringMatching(/^p_[0-9a-f]{32}$/), person_name: null, messages: row.messages })
    expect(new Set(rows.map((row) => row.person)).size).toBe(staff.length)
  })

  test('knows a person by the same pseudonym in every question, and by nothing else', async () => {
    const [first] = (await counted(`metrics=messages&by=person&${month}`)).rows
    expect((await counted(`metrics=messages&person=${first?.person}&${month}`)).total).toEqual({ messages: first?.messages })
    expect((await counted(`metrics=active_people&person=!${first?.person}&range=28d&vs=2024-12`)).comparison?.total).toEqual({
      active_people: 45,
    })
    const refused = await ask(`metrics=messages&person=${staff[0]}&${month}`)
    expect([refused.statusCode, refused.json().detail]).toEqual([400, expect.stringContaining('there is no person with the id')])
  })

  test('has other pseudonyms for the same people in another workspace', async () => {
    const other = await daybook.place('Elsewhere')
    await daybook.take(other.ingest, records())
    await new Follower(daybook.ledger).catchUp()
    await set({ privacyMode: 'pseudonymous' }, other)
    const both = await daybook.key(['analytics:read'])
    const pseudonyms = async (where: Place) =>
      analyticsReply
        .parse((await daybook.get(url(`metrics=messages&by=person&${month}`, where), both)).json())
        .rows.map((row) => row.person)
    expect(new Set([...(await pseudonyms(place)), ...(await pseudonyms(other))]).size).toBe(2 * staff.length)
  })

  test('shows groups of every size: who sees people is shown them one by one', async () => {
    const { rows, hidden } = await counted(`metrics=messages,members&by=group&${month}`)
    expect(rows[0]).toEqual({ group: 'legal', group_name: 'legal', group_origin: 'directory', messages: 700, members: 7 })
    expect(hidden).toEqual([])
  })
})

describe('a workspace that shows groups only', () => {
  beforeAll(() => set({ privacyMode: 'groups_only' }))

  test.each(['by=person', `person=${staff[0]}`, `person=!${staff[0]}`])('refuses people: %s', async (parameters) => {
    const answer = await ask(`metrics=messages&${parameters}&${month}`)
    expect([answer.statusCode, answer.json().detail]).toEqual([403, expect.stringContaining('people are not shown here')])
    const reconciled = await daybook.get(`/api/analytics/reconciliation?workspace_id=${place.id}&person=${staff[0]}&${month}`, key)
    expect(reconciled.statusCode).toBe(403)
  })

  test('hides a group that is too small and the next smallest, in every metric, and puts them last', async () => {
    const metrics = 'messages,members,active_people,activation_rate,messages_per_weekly_person,sessions'
    const answer = await ask(`metrics=${metrics}&by=group&${month}&vs=2024-11`)
    expect(answer.body).not.toMatch(/:70\d|:7\D/)
    const { rows, total, hidden, comparison } = analyticsReply.parse(answer.json())
    expect(rows.map((row) => [row.group, row.messages])).toEqual([
      ['sales', 15],
      ['support', 13],
      ['legal', tooFew],
      ['ops', tooFew],
    ])
    for (const row of rows.slice(2)) for (const metric of metrics.split(',')) expect(row[metric]).toEqual(tooFew)
    expect(total).toMatchObject({ messages: 739, members: 46 })
    expect(hidden).toEqual(['legal', 'ops'].map((group) => ({ dimension: 'group', key: group, reason: 'too-few-people' })))
    expect(comparison?.rows.filter((row) => row.group === 'legal')).toEqual([
      expect.objectContaining({ messages: tooFew, members: tooFew }),
    ])
  })

  test.each(['group=legal', 'group=!legal', 'group=ops', 'role=owner', 'role=!owner', 'role=member'])(
    '%s gives nothing away',
    async (filter) => {
      const answer = await ask(`metrics=messages,active_people&by=tool&${filter}&${month}`)
      expect(analyticsReply.parse(answer.json())).toMatchObject({
        rows: [],
        total: { messages: tooFew, active_people: tooFew },
        rows_read: 0,
      })
      expect(analyticsReply.parse(answer.json()).hidden).toHaveLength(1)
      const byWeek = await counted(`metrics=messages&by=week&${filter}&${month}`)
      expect(byWeek.rows).toEqual(
        ['2024-12-01', '2024-12-08', '2024-12-15', '2024-12-22', '2024-12-29'].map((week) => ({ week, messages: tooFew })),
      )
    },
  )

  test('groups that are large enough are filters, and parts of others', async () => {
    expect(await counted(`metrics=messages&group=sales&${month}`)).toMatchObject({ total: { messages: 15 }, hidden: [] })
    expect((await counted('metrics=members&by=group&range=week-2024-12-01')).rows).toHaveLength(4)
    expect((await counted(`metrics=messages&by=week,group&${month}`)).rows.map((row) => row.group)).not.toContain('legal')
    expect((await counted('metrics=messages&range=2024-12-02..2024-12-05')).total.messages).toBeGreaterThan(0)
  })

  test.each([
    ['a head apart from the two teams of the department', { unit: ['a', 'b'], a: [0, 12], b: [12, 23] }, [0, 24]],
    ['who alone is in both of two groups that are everybody together', { east: [0, 20], west: [19, 40] }, null],
  ] as const)('no sum of shown groups and the total gives away %s', async (_, some, more) => {
    const where = await daybook.place()
    const crowd = Array.from({ length: 40 }, (_, i) => `one-${i}`)
    await daybook.take(where.ingest, [
      ...crowd.map((id) => person(id, { created_at: '2024-01-01T00:00:00Z' })),
      ...Object.entries(some).map(([id, span]) => {
        const [first, last] = typeof span[0] === 'number' ? span : (more ?? [])
        const parents = typeof span[0] === 'number' && more ? ['unit'] : []
        return { kind: 'group', id, name: id, member_ids: crowd.slice(Number(first), Number(last)), parent_ids: parents }
      }),
    ])
    await set({ privacyMode: 'groups_only' }, where)
    const answer = await daybook.get(url(`metrics=members&by=group&${month}`, where), await daybook.key(['analytics:read'], where))
    const { rows } = analyticsReply.parse(answer.json())
    expect(rows).toHaveLength(Object.keys(some).length)
    expect(rows.filter((row) => typeof row.members !== 'number')).toHaveLength(1)
  })

  test('nor does a role beside a group', async () => {
    const where = await daybook.place()
    const crowd = Array.from({ length: 40 }, (_, i) => `one-${i}`)
    await daybook.take(where.ingest, [
      ...crowd.map((id, i) => person(id, { role: i < 15 ? 'admin' : 'member', created_at: '2024-01-01T00:00:00Z' })),
      { kind: 'group', id: 'it', name: 'it', member_ids: crowd.slice(0, 14) },
    ])
    await set({ privacyMode: 'groups_only' }, where)
    const its = await daybook.key(['analytics:read'], where)
    const membersBy = async (by: string) =>
      analyticsReply.parse((await daybook.get(url(`metrics=members&by=${by}&${month}`, where), its)).json()).rows.map((row) => row.members)
    expect([await membersBy('role'), await membersBy('group')]).toEqual([[25, 15], [tooFew]])
  })

  test.each([
    ['by=group&range=28d', 'whole week or a whole month'],
    ['by=group&range=2025-01', 'whole week or a whole month'],
    ['by=role&range=2024-12-01..2024-12-08', 'whole week or a whole month'],
    [`by=group&${month}&vs=2024-11-02..2024-11-09`, 'whole week or a whole month'],
    [`by=group&${month}&role=member`, 'one view of groups or roles'],
    [`by=group,role&${month}`, 'one view of groups or roles'],
    [`group=sales&group=support&${month}`, 'one filter at a time'],
    [`by=group&${month}&source=a&model=unknown`, 'one filter at a time'],
  ])('%s is refused', async (parameters, words) => {
    const answer = await ask(`metrics=messages&${parameters}`)
    expect([answer.statusCode, answer.json().detail]).toEqual([400, expect.stringContaining(words)])
  })
})

test('viewers may be shown groups only, while owners and keys see what the mode says', async () => {
  await set({ privacyMode: 'named', viewerDetail: 'groups' })
  const viewer = await member(daybook, ['analytics_viewer'], place)
  const owner = await member(daybook, ['analytics_viewer', 'admin'], place)
  const byPerson = url(`metrics=messages&by=person&${month}`)
  expect((await visit(daybook, byPerson, await signIn(daybook, viewer.id))).statusCode).toBe(403)
  expect((await visit(daybook, byPerson, await signIn(daybook, owner.id))).json().rows[0].person_name).toMatch(/Secret Name/)
  expect((await counted(`metrics=messages&by=person&${month}`)).rows).toHaveLength(staff.length)
})

test('GPT analytics that are turned off are left out and said', async () => {
  await set({ privacyMode: 'named', viewerDetail: 'same', hideGptAnalytics: true })
  const reply = await counted(`metrics=messages,gpt_messages,gpt_share&${month}`)
  expect(reply.total).toEqual({ messages: 739, gpt_messages: null, gpt_share: null })
  const reason = 'not shown: turned off for this workspace'
  expect(reply.hidden).toEqual(['gpt_messages', 'gpt_share'].map((id) => ({ dimension: 'metric', key: id, reason })))
  for (const parameters of ['metrics=gpt_messages', 'metrics=messages&by=gpt', 'metrics=messages&gpt=g-1'])
    expect((await ask(`${parameters}&${month}`)).statusCode).toBe(403)
  const opened = await daybook.get(`/api/analytics/reconciliation?workspace_id=${place.id}&metric=gpt_messages&${month}`, key)
  expect(opened.statusCode).toBe(403)
})

test('a change of settings is an entry in the log that says what it was', async () => {
  await set({ privacyMode: 'groups_only', seats: 50 })
  expect((await daybook.entries('workspace.set')).at(-1)).toMatchObject({
    ...{ kind: 'change', outcome: 'allowed', workspace_id: place.id },
    query: { privacy_mode: 'groups_only', seats: 50 },
  })
  expect(await readerOf(operatorContext(daybook.ledger), place.number)).toEqual({ people: 'none', gpts: false })
})
