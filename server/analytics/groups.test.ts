import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { type AnalyticsReply, analyticsReply } from '../../contract/analytics.ts'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { conversation, message, person } from '../../test/support/records.ts'
import { stoppedClock } from '../platform/clock.ts'
import { Follower } from './follow.ts'
import { withChildren } from './groups.ts'

const daybook = openTestApp({ clock: stoppedClock('2025-01-20T12:00:00Z') })

/** What sources said, in plain words: versions by the time from which they hold. */
interface Directory {
  readonly people: readonly (readonly { at: string; role: string; status: string }[])[]
  readonly groups: readonly { versions: readonly { at: string; members: number[]; parents: number[] }[]; deletedAt: string | null }[]
  readonly sent: readonly { person: number; at: string }[]
}

const moments = ['2024-11-20T00:00:00Z', '2024-11-30T23:59:59Z', '2024-12-01T00:00:00Z', '2024-12-10T09:00:00Z', '2024-12-31T23:59:59.5Z']
const moment = fc.constantFrom(...moments, '2025-01-01T00:00:00Z', '2025-01-15T00:00:00Z')
const peopleCount = 6
const groupCount = 4
const place = fc.nat(peopleCount - 1)

const directory: fc.Arbitrary<Directory> = fc.record({
  people: fc.array(
    fc.uniqueArray(
      fc.record({
        at: moment,
        role: fc.constantFrom('owner', 'admin', 'analytics_viewer', 'member'),
        status: fc.constantFrom('enabled', 'enabled', 'pending', 'deleted'),
      }),
      { maxLength: 2, selector: ({ at }) => at },
    ),
    { minLength: peopleCount, maxLength: peopleCount },
  ),
  groups: fc.array(
    fc.record({
      versions: fc.uniqueArray(
        fc.record({ at: moment, members: fc.uniqueArray(place), parents: fc.uniqueArray(fc.nat(groupCount), { maxLength: 2 }) }),
        { minLength: 1, maxLength: 3, selector: ({ at }) => at },
      ),
      deletedAt: fc.option(moment, { freq: 4 }),
    }),
    { minLength: groupCount, maxLength: groupCount },
  ),
  sent: fc.array(fc.record({ person: place, at: moment }), { minLength: 5, maxLength: 20 }),
})

const personId = (i: number) => `person-${i}`
const groupId = (i: number) => `group-${i}`

function recordsOf({ people, groups, sent }: Directory): object[] {
  return [
    ...people.flatMap((versions, i) => versions.map(({ at, role, status }) => person(personId(i), { role, status, updated_at: at }))),
    ...groups.flatMap(({ versions, deletedAt }, i) => [
      ...versions.map(({ at, members, parents }) => ({
        ...{ kind: 'group', id: groupId(i), name: `Group ${i}`, updated_at: at },
        ...{ member_ids: members.map(personId), parent_ids: parents.map(groupId) },
      })),
      ...(deletedAt === null ? [] : [{ kind: 'deletion', of: { kind: 'group', id: groupId(i) }, deleted_at: deletedAt }]),
    ]),
    ...sent.flatMap(({ person: by, at }, i) => [conversation(`c${i}`, personId(by)), message(`m${i}`, `c${i}`, { created_at: at })]),
  ]
}

/** The version that held just before `end`, else the first there is. */
function heldAt<V extends { at: string }>(versions: readonly V[], end: string): V | undefined {
  const inOrder = versions.toSorted((a, b) => a.at.localeCompare(b.at))
  return inOrder.filter(({ at }) => at < end).at(-1) ?? inOrder[0]
}

/** Who is in which group and has which role when the period ended: by looking again until nothing changes. */
function plainly({ people, groups }: Directory, end: string) {
  const held = people.map((versions) => heldAt(versions, end))
  const isGone = (i: number) => held[i]?.status === 'deleted' && (held[i]?.at ?? '') < end
  const there = groups.map(({ versions, deletedAt }) => (deletedAt !== null && deletedAt < end ? undefined : heldAt(versions, end)))
  const members = there.map((group) => new Set(group?.members ?? []))
  for (let changed = true; changed; ) {
    changed = false
    for (const [i, group] of there.entries())
      for (const parent of group?.parents ?? []) {
        const into = there[parent] ? members[parent] : undefined
        const before = into?.size
        for (const one of members[i] ?? []) into?.add(one)
        changed ||= into?.size !== before
      }
  }
  return {
    groups: new Map(members.map((some, i) => [groupId(i), [...some].filter((one) => !isGone(one))])),
    roleOf: (i: number) => held[i]?.role ?? 'unknown',
  }
}

type Asking = (parameters: string) => Promise<AnalyticsReply>

async function written(records: readonly object[]): Promise<Asking> {
  const here: Place = await daybook.place()
  const key = await daybook.key(['analytics:read'], here)
  const { rejected } = await daybook.take(here.ingest, records)
  expect(rejected).toEqual([])
  await new Follower(daybook.ledger).catchUp()
  return async (parameters) => {
    const answer = await daybook.get(`/api/analytics/query?workspace_id=${here.id}&${parameters}`, key)
    expect(answer.statusCode, answer.body).toBe(200)
    return analyticsReply.parse(answer.json())
  }
}

const ranges = ['2024-12', '2024-11-15..2024-12-01', '2024-12-10..2024-12-10', '2025-01-01..2025-01-15']

function expectCounted(
  made: Directory,
  counted: Pick<AnalyticsReply, 'rows'>,
  [first, last]: [string, string],
  by: 'group' | 'role',
): void {
  const end = `${Temporal.PlainDate.from(last).add({ days: 1 })}T00:00:00Z`
  const sent = made.sent.filter(({ at }) => at >= `${first}T00:00:00Z` && at < end)
  const { groups, roleOf } = plainly(made, end)
  const expected: object[] = []
  const cell = (key: string, some: readonly number[]) => {
    const its = sent.filter((one) => some.includes(one.person))
    return { [by]: key, messages: its.length, active_people: new Set(its.map((one) => one.person)).size }
  }
  if (by === 'group') for (const [id, some] of groups) if (some.length > 0) expected.push({ ...cell(id, some), members: some.length })
  if (by === 'role') {
    const everybody = [...made.people.keys()]
    for (const role of new Set(sent.map((one) => roleOf(one.person))))
      expected.push(
        cell(
          role,
          everybody.filter((i) => roleOf(i) === role),
        ),
      )
  }
  const rows = counted.rows.map(({ group_name: _, group_origin: __, ...row }) => row)
  const ordered = (some: readonly object[]) => some.map((row) => JSON.stringify(row, Object.keys(row).sort())).sort()
  expect(ordered(rows), `${by} ${first} ${last}`).toEqual(ordered(expected))
}

test('groups and roles count as one does by hand: nested, overlapping, in circles, changing, deleted', async () => {
  const shuffled = directory.chain((made) =>
    fc.record({ made: fc.constant(made), records: fc.shuffledSubarray(recordsOf(made), { minLength: recordsOf(made).length }) }),
  )
  await fc.assert(
    fc.asyncProperty(shuffled, fc.constantFrom(...ranges), async ({ made, records }, range) => {
      const ask = await written(records)
      const byGroup = await ask(`metrics=messages,active_people,members&by=group&range=${range}&vs=2024-11-20..2024-11-30`)
      expectCounted(made, byGroup, [byGroup.range.first, byGroup.range.last], 'group')
      expectCounted(made, byGroup.comparison ?? { rows: [] }, ['2024-11-20', '2024-11-30'], 'group')
      const byRole = await ask(`metrics=messages,active_people&by=role&range=${range}`)
      expectCounted(made, byRole, [byRole.range.first, byRole.range.last], 'role')
      for (const row of byGroup.rows) {
        const only = await ask(`metrics=messages,active_people,members&group=${row.group}&range=${range}`)
        expect(only.total).toEqual({ messages: row.messages, active_people: row.active_people, members: row.members })
        const others = await ask(`metrics=messages&group=!${row.group}&range=${range}`)
        expect(others.total.messages).toBe(Number(byGroup.total.messages) - Number(row.messages))
      }
      for (const row of byRole.rows) {
        expect((await ask(`metrics=messages&role=${row.role}&range=${range}`)).total).toEqual({ messages: row.messages })
        const others = await ask(`metrics=messages&role=!${row.role}&range=${range}`)
        expect(others.total.messages).toBe(Number(byRole.total.messages) - Number(row.messages))
      }
    }),
    { numRuns: 12, endOnFailure: true },
  )
}, 180_000)

test('a group has its name of then, and says whether it is of the directory or made by hand', async () => {
  const group = (name: string, at: string, more: object = {}) => ({
    kind: 'group',
    id: 'g',
    name,
    updated_at: at,
    member_ids: ['a'],
    ...more,
  })
  const ask = await written([
    group('Sales', '2024-12-01T00:00:00Z'),
    group('Revenue', '2024-12-20T00:00:00Z'),
    { kind: 'group', id: 'by-hand', name: 'Pilot', origin: 'manual', member_ids: ['a'] },
    ...[conversation('c', 'a'), message('m', 'c', { created_at: '2024-12-24T10:00:00Z' })],
  ])
  const { rows, comparison } = await ask('metrics=members,messages&by=group&range=2024-12-20..2024-12-29&vs=2024-12-10..2024-12-19')
  expect(rows).toEqual([
    { group: 'g', group_name: 'Revenue', group_origin: 'directory', members: 1, messages: 1 },
    { group: 'by-hand', group_name: 'Pilot', group_origin: 'manual', members: 1, messages: 1 },
  ])
  expect(comparison?.rows).toEqual([
    { group: 'g', group_name: 'Sales', group_origin: 'directory', members: 1, messages: 0 },
    { group: 'by-hand', group_name: 'Pilot', group_origin: 'manual', members: 1, messages: 0 },
  ])
})

test('groups that contain each other have the same members and do not hang', () => {
  const group = (number: number, named: number[], parents: number[]) => ({
    number,
    id: `${number}`,
    name: null,
    origin: 'directory' as const,
    named,
    parents,
  })
  const found = withChildren(
    [group(1, [10], [2]), group(2, [20], [3]), group(3, [30], [1]), group(4, [40], [4])],
    new Set([10, 20, 30, 40]),
  )
  expect([...found.values()].map(({ members }) => [...members].sort())).toEqual([[10, 20, 30], [10, 20, 30], [10, 20, 30], [40]])
})
