import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { filterIds, reconciledMetrics } from '../../contract/analytics.ts'
import { rangePresets, steps } from '../../contract/periods.ts'
import { activeSpans, printBookmark, printSearch, readBookmark, readSearch } from './bookmark.ts'
import { filterWords, withFilter } from './filters.ts'

const today = Temporal.PlainDate.from('2026-11-21')
const read = (search: string) => readBookmark(readSearch(search), today)
const again = (search: string) => printSearch(printBookmark(read(search).bookmark))

describe('a link', () => {
  test('says nothing that everybody gets anyway', () => {
    expect(again('?range=28d&vs=prev&hours=messages&sort=-tool_messages')).toBe('')
    expect(read('').bookmark).toMatchObject({ vs: 'prev', step: null, tables: [], open: null, filters: [] })
  })

  test('carries filters as the API takes them', () => {
    const { bookmark } = read('?model_family=GPT-4o&model_family=GPT-5&tool=!Search')
    expect(bookmark.filters.map(filterWords)).toEqual(['Model family is GPT-4o', 'Model family is GPT-5', 'Tool is not Search'])
    expect(again('?tool=!Search&model_family=GPT-4o')).toBe('?model_family=GPT-4o&tool=!Search')
  })

  test('falls back where it means nothing, and says what it left out', () => {
    const { bookmark, ignored } = read('?range=soon&vs=2026-13&step=hour&open=door')
    expect(bookmark).toMatchObject({ range: { text: '28d' }, vs: 'prev', step: null, open: null })
    expect(ignored).toHaveLength(4)
    expect(ignored[0]).toContain('range=soon')
  })

  test('does not reach past today or over more than a year', () => {
    expect(read('?range=2026-11-01..2026-12-01').ignored).toHaveLength(1)
    expect(read('?range=2024-01-01..2026-01-01').ignored).toHaveLength(1)
  })

  test('leads back to itself, whatever was chosen', () => {
    const text = fc.string({ minLength: 1 }).filter((value) => !value.startsWith('!'))
    const chosen = fc.record(
      {
        range: fc.constantFrom(...rangePresets, '2026-10', 'week-2026-10-25', '2026-10-01..2026-10-19'),
        vs: fc.constantFrom('off', 'year', 'weekdays', '2026-01-01..2026-01-28'),
        step: fc.constantFrom(...steps),
        active: fc.constantFrom(...activeSpans),
        view: fc.constantFrom('table', 'models', 'models,hours'),
        open: fc.constant('reconciliation'),
        metric: fc.constantFrom(...reconciledMetrics),
        workspace: text,
      },
      { requiredKeys: [] },
    )
    const filters = fc.dictionary(fc.constantFrom(...filterIds), fc.uniqueArray(text, { minLength: 1, maxLength: 3 }))
    fc.assert(
      fc.property(chosen, filters, (parameters, narrowed) => {
        const { bookmark, ignored } = readBookmark({ ...parameters, ...narrowed }, today)
        expect(ignored).toEqual([])
        expect(readBookmark(readSearch(printSearch(printBookmark(bookmark))), today)).toEqual({ bookmark, ignored })
      }),
    )
  })

  test('survives any text that somebody types into it', () => {
    fc.assert(
      fc.property(fc.webQueryParameters(), (search) => {
        expect(again(again(`?${search}`))).toBe(again(`?${search}`))
      }),
    )
  })
})

test('a filter and its opposite do not stand beside each other', () => {
  const filter = { on: 'tool', value: 'Search', not: false } as const
  expect(withFilter([filter], { ...filter, not: true })).toEqual([{ ...filter, not: true }])
})
