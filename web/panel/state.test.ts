import { expect, test } from 'vitest'
import { Problem } from '../ask/problem.ts'
import { replyOf } from '../sheet/replies.ts'
import { missingWords } from './hidden.ts'
import { turnedOver } from './spec.ts'
import { type Expectation, panelState } from './state.ts'

const wanted: Expectation = { metrics: ['messages'], filtered: false, maybeUnreported: false }
const total = (messages: number | { hidden: 'too-few-people' }) => replyOf([], { total: { messages } })
const kind = (reply: ReturnType<typeof replyOf> | null, more: Partial<Expectation & { problem: Problem; waiting: boolean }> = {}) =>
  panelState({ reply, problem: more.problem ?? null, waiting: more.waiting ?? false }, { ...wanted, ...more }).kind

test('zero is drawn as zero, unless a filter or a silent source explains it', () => {
  expect(kind(total(0))).toBe('ready')
  expect(kind(total(0), { filtered: true })).toBe('nothing-matches')
  expect(kind(total(0), { maybeUnreported: true })).toBe('not-reported')
  expect(kind(total(3), { filtered: true, maybeUnreported: true })).toBe('ready')
})

test('a last day without anybody is not a range without anybody', () => {
  const rows = [{ day: '2026-11-20', messages: 4 }]
  expect(kind(replyOf(rows, { total: { messages: 0 } }), { filtered: true })).toBe('ready')
})

test('what is missing is named with its reason', () => {
  const unfit = (key: string) => ({ dimension: 'metric', key, reason: 'cannot be narrowed by tool' })
  const hidden = [unfit('skill_uses'), unfit('connector_calls'), unfit('commits'), { dimension: 'group', key: 'g1', reason: 'few' }]
  expect(missingWords({ hidden }, ['skill_uses', 'connector_calls'])).toEqual([
    'Skill uses, Connector calls cannot be narrowed by tool.',
    'Hidden for privacy: group g1 (few).',
  ])
})

test('what is hidden is never shown as nothing', () => {
  expect(kind(total({ hidden: 'too-few-people' }), { filtered: true })).toBe('hidden')
})

test('before anything was counted there is no data, whatever the numbers say', () => {
  expect(kind({ ...total(0), data_through: null }, { filtered: true })).toBe('no-data')
})

test('a refusal says which kind it is', () => {
  expect(kind(null, { problem: new Problem(401, '', null) })).toBe('signed-out')
  expect(kind(total(3), { problem: new Problem(403, '', null) })).toBe('not-permitted')
  expect(kind(total(3), { problem: new Problem(400, 'tool: no', null) })).toBe('unfit')
  expect(kind(null, { problem: new Problem(500, '', 'r1') })).toBe('failed')
  expect(kind(null, { problem: new Problem(500, '', 'r1'), waiting: true })).toBe('loading')
})

test('figures that were there stay when the next ones do not come', () => {
  expect(kind(total(3), { problem: new Problem(500, '', 'r1') })).toBe('ready')
})

test('what was broken off is neither loading nor failed', () => {
  expect(kind(null)).toBe('cancelled')
})

test('one panel is turned over, among all or alone', () => {
  expect(turnedOver('all', 'b', ['a', 'b', 'c'])).toEqual(['a', 'c'])
  expect(turnedOver(['a'], 'b', ['a', 'b'])).toEqual(['a', 'b'])
  expect(turnedOver(['a', 'b'], 'b', ['a', 'b'])).toEqual(['a'])
})
