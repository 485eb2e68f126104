import { beforeAll, describe, expect, test } from 'vitest'
import { openTestApp, type Place, type StoredRecord } from '../../test/support/app.ts'
import { entries, entry, everyEntry, mixed, one, purpose, two } from '../../test/support/record-pages.ts'
import { message, uuid } from '../../test/support/records.ts'

const daybook = openTestApp()

describe('the explorer', () => {
  let place: Place
  let all: StoredRecord[]
  beforeAll(async () => {
    place = await mixed(daybook)
    all = (await daybook.records(place.read)).filter(({ kind }) => kind !== 'access' && kind !== 'change').toReversed()
  })

  const day = ({ created_at, updated_at, deleted_at, kind }: StoredRecord) =>
    String((kind === 'deletion' ? deleted_at : (created_at ?? updated_at)) ?? '').slice(0, 10)
  const of = (record: StoredRecord) => Object(record.of)
  const isOf = (chat: string) => (record: StoredRecord) =>
    record.conversation_id === chat || (record.kind === 'conversation' && record.id === chat) || of(record).conversation_id === chat

  const selections: [string, object, (record: StoredRecord) => boolean][] = [
    ['everything', {}, () => true],
    ['a kind', { kind: 'message' }, ({ kind }) => kind === 'message'],
    ['another kind', { kind: 'conversation' }, ({ kind }) => kind === 'conversation'],
    ['a person', { person_id: 'user-1' }, ({ kind, id, person_id }) => person_id === 'user-1' || (kind === 'person' && id === 'user-1')],
    ['a conversation', { conversation_id: one }, isOf(one)],
    ['the other conversation', { conversation_id: two }, isOf(two)],
    ['an id', { id: 'm1' }, ({ id }) => id === 'm1'],
    ['an id that was deleted', { id: 'm3' }, (record) => record.id === 'm3' || of(record).id === 'm3'],
    ['an item by its id', { id: 'mem' }, ({ id }) => id === 'mem'],
    ['days', { since: '2024-05-02', until: '2024-05-03' }, (record) => day(record) >= '2024-05-02' && day(record) <= '2024-05-03'],
    ['from an instant on', { since: '2024-05-03T12:00:01Z' }, (record) => day(record) > '2024-05-03'],
    ['up to an instant', { until: '2024-05-01T12:00:00Z' }, (record) => day(record) !== '' && day(record) <= '2024-05-01'],
    ['all days there are', { since: '0000-01-01', until: '9999-12-31' }, (record) => day(record) !== ''],
    ['instants at the ends', { since: '0001-01-01T00:00:00+23:00', until: '9999-12-31T23:59:59-23:59' }, (record) => day(record) !== ''],
    [
      'a kind of a person in a span',
      { kind: 'message', person_id: 'user-2', since: '2024-05-01' },
      (r) => r.kind === 'message' && r.person_id === 'user-2',
    ],
    ['an id in a conversation', { id: 'm1', conversation_id: two }, (record) => record.id === 'm1' && record.conversation_id === two],
    ['somebody unknown', { person_id: 'user-9' }, () => false],
    ['an unknown conversation', { conversation_id: uuid() }, () => false],
    ['an unknown id', { id: 'nothing' }, () => false],
  ]

  test.each(selections)('lists %s, the newest first, the same in pages of any size', async (_, asked, wanted) => {
    const expected = all.filter(wanted).map(({ seq }) => seq)
    for (const limit of [1, 3, 200]) expect((await everyEntry(daybook, place, asked, limit)).map(({ seq }) => seq)).toEqual(expected)
  })

  test('says of each entry what it is, whose and which version, and nothing of what it says', async () => {
    const { data } = await entries(daybook, place)
    const lined = data.map(({ kind, source_id, version, deleted_at, person: who }) => [
      `${kind} ${source_id.slice(0, 8)}`,
      version && `${version.number}/${version.of}${version.newest ? ' newest' : ''}`,
      deleted_at,
      who?.email ?? null,
    ])
    expect(lined).toContainEqual(['message m1', '1/2', null, 'ada@example.com'])
    expect(lined).toContainEqual(['message m1', '2/2 newest', null, 'ada@example.com'])
    expect(lined).toContainEqual([`conversation ${one.slice(0, 8)}`, '1/2', null, 'ada@example.com'])
    expect(lined).toContainEqual(['message m3', '1/1 newest', '2024-06-01T00:00:00Z', null])
    expect(data.find(({ kind }) => kind === 'deletion')).toMatchObject({
      version: null,
      of: { kind: 'message', id: 'm3' },
      conversation_id: two,
    })
    expect(data.every(({ excerpt, size }) => excerpt === null && (size ?? 0) > 0)).toBe(true)
    expect(JSON.stringify(data)).not.toMatch(/Title of|Another title|Text of|edited|likes tea|plan\.pdf/)
  })

  test('shows a title, a name or the first words with a purpose', async () => {
    const { data } = await entries(daybook, place, { purpose })
    const excerpts = data.map(({ kind, excerpt }) => [kind, excerpt])
    for (const [kind, excerpt] of [
      ['message', 'edited'],
      ['conversation', 'Another title'],
      ['memory', 'likes tea'],
      ['file', 'plan.pdf'],
      ['person', 'Ada'],
    ])
      expect(excerpts).toContainEqual([kind, excerpt])
    const long = await daybook.place()
    await daybook.take(long.ingest, [message('m', 'c', { content: [{ type: 'text', text: '😀'.repeat(5000) }] })])
    expect((await entries(daybook, long, { purpose })).data[0]?.excerpt).toBe(`${'😀'.repeat(200)}…`)
  })

  test('finds a message by the id that it has on the wire, in its conversation', async () => {
    const [shown] = (await entries(daybook, place, { id: 'm2' })).data
    expect(shown?.id).not.toBe('m2')
    expect((await entries(daybook, place, { id: shown?.id, conversation_id: one })).data).toEqual([shown])
  })

  test('gives a record as it is stored, with its versions', async () => {
    const versions = (await entries(daybook, place, { id: 'm1', conversation_id: one })).data.map(({ seq }) => seq).toReversed()
    const { record, entry: shown, versions: listed } = await entry(daybook, place, versions[0] ?? 0)
    const { seq: _, received_at, ...stored } = all.find(({ seq }) => seq === versions[0]) ?? {}
    expect(JSON.parse(record ?? '')).toEqual(stored)
    expect(shown).toMatchObject({ received_at, kind: 'message', version: { number: 1, of: 2, newest: false } })
    expect(listed.map(({ seq, newest, erased }) => [seq, newest, erased])).toEqual([
      [versions[0], false, false],
      [versions[1], true, false],
    ])
    expect((await entry(daybook, place, all.find(({ kind }) => kind === 'deletion')?.seq ?? 0)).versions).toEqual([])
  })

  test('shows what is erased as a gap', async () => {
    const own = await mixed(daybook)
    const [newest] = (await entries(daybook, own, { id: 'm2' })).data
    await daybook.ledger.database.writes.query('delete from salts.log where seq = $1', [newest?.seq])
    expect((await entries(daybook, own, { id: 'm2', purpose })).data[0]).toMatchObject({
      size: null,
      erased: { at: null, receipt: null },
      excerpt: null,
    })
    expect(await entry(daybook, own, newest?.seq ?? 0)).toMatchObject({ record: null, versions: [{ erased: true }] })
  })
})
