import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import type { ReconciliationStep } from '../../contract/analytics.ts'
import { reconciliations } from '../../contract/reconciliation.ts'
import { prepareTrend } from '../sheet/axis.ts'
import { replyOf } from '../sheet/replies.ts'
import { familyColor } from './family-colors.ts'
import { heatKey, prepareHours } from './hours.ts'
import { trendSentence } from './sentences.ts'
import { prepareWaterfall } from './waterfall.ts'

describe('the week by the hour', () => {
  const reply = replyOf([
    { weekday: 2, hour: 10, messages: 50, active_people: 3 },
    { weekday: 0, hour: 23, messages: 1, active_people: { hidden: 'too-few-people' } },
  ])

  test('has every hour of every day, and names the fullest', () => {
    const { days, largest, peak } = prepareHours(reply, 'messages')
    expect(days.map(({ cells }) => cells.length)).toEqual([24, 24, 24, 24, 24, 24, 24])
    expect({ largest, peak }).toEqual({ largest: 50, peak: 'Tuesday 10:00' })
    expect(days[2]?.cells[10]).toMatchObject({ value: 50, heat: 5 })
    expect(days[0]?.cells[23]).toMatchObject({ value: 1, heat: 1 })
    expect(days[6]?.cells[0]).toMatchObject({ value: 0, heat: 0 })
  })

  test('keeps a hidden hour hidden and without color', () => {
    expect(prepareHours(reply, 'active_people').days[0]?.cells[23]).toMatchObject({ value: { hidden: 'too-few-people' }, heat: 0 })
  })

  test('has a key without gaps, and says nothing happened where nothing did', () => {
    expect(heatKey(10).map(({ from, to }) => [from, to])).toEqual([[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]]) // biome-ignore format: pairs
    expect(heatKey(2).map(({ from, to }) => [from, to])).toEqual([[1, 1], [2, 2]]) // biome-ignore format: pairs
    expect(prepareHours(replyOf([]), 'messages').peak).toBeNull()
  })
})

test('each bar of a waterfall hangs where the one before left off, and the last stands on the ground', () => {
  const amounts: Partial<Record<ReconciliationStep, number>> = {
    returned: 100,
    outside_range: 40,
    assistant: 30,
    deleted_since: 5,
    counted: 35,
  }
  const bars = prepareWaterfall(reconciliations.messages.steps.map((meaning) => ({ ...meaning, amount: amounts[meaning.step] ?? 0 })))
  expect(bars.filter(({ amount }) => amount > 0).map(({ step, sign, from, to }) => [step, sign, from, to])).toEqual([
    ['returned', 'start', 0, 100],
    ['outside_range', 'minus', 60, 100],
    ['assistant', 'minus', 30, 60],
    ['deleted_since', 'plus', 30, 35],
    ['counted', 'end', 0, 35],
  ])
})

test('a chart says itself in a sentence', () => {
  const rows = [1, 9, 4].map((daily_active, place) => ({ day: `2026-11-0${place + 1}`, daily_active }))
  const trend = prepareTrend(replyOf(rows), 'daily_active', { step: 'day', today: Temporal.PlainDate.from('2026-11-21') })
  expect(trendSentence(trend, 'daily_active')).toBe('Daily active people up from 1 to 4; most on Mon, 2 Nov 2026: 9.')
})

test('a family has its own color, and what belongs to none is grey', () => {
  expect(familyColor({ key: 'GPT-5' })).not.toBe(familyColor({ key: 'GPT-4o' }))
  expect(familyColor({ key: 'GPT-5' })).not.toBe(familyColor({ key: 'Claude Opus' }))
  expect(familyColor({ key: null })).toBe(familyColor({ key: 'unknown' }))
})
