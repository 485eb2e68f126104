import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { prepareTrend } from './axis.ts'
import { csvOf } from './csv.ts'
import { daysBefore, replyOf } from './replies.ts'
import { cellText, rowsSheet } from './sheet.ts'
import { sortedBy } from './sorted.ts'
import { prepareStack, stackSheet } from './stack.ts'

const when = { step: 'day', today: Temporal.PlainDate.from('2026-11-03') } as const
const hidden = { hidden: 'too-few-people' } as const

describe('a line over time', () => {
  test('has a point for every step, zero where nothing is said, and its counterpart of the comparison', () => {
    const comparison = daysBefore([{ day: '2026-10-30', messages: 4 }])
    const { points } = prepareTrend(replyOf([{ day: '2026-11-02', messages: 5 }], { comparison }), 'messages', when)
    expect(points.map(({ key, value, before }) => [key, value, before])).toEqual([
      ['2026-11-01', 0, 0],
      ['2026-11-02', 5, 4],
      ['2026-11-03', 0, 0],
    ])
  })

  test('is dotted to a day that is not over, and has a gap where a value is hidden', () => {
    const { points } = prepareTrend(replyOf([{ day: '2026-11-01', messages: hidden }]), 'messages', when)
    expect(points.map(({ solid }) => solid)).toEqual([null, 0, null])
    expect(points.map(({ dotted }) => dotted)).toEqual([null, 0, 0])
    expect(points[0]?.value).toEqual(hidden)
  })
})

describe('a stack', () => {
  const families = Array.from({ length: 9 }, (_, place) => ({ day: '2026-11-01', model_family: `F${place}`, messages: 9 - place }))
  const wish = { ...when, by: 'model_family', metric: 'messages' } as const

  test('keeps the largest and gathers the rest, and loses none', () => {
    const stack = prepareStack(replyOf(families), wish)
    expect(stack.layers.map(({ name }) => name)).toEqual(['F0', 'F1', 'F2', 'F3', 'F4', 'F5', '3 others'])
    expect(stack.layers.reduce((sum, { total }) => sum + total, 0)).toBe(45)
    expect(stack.bars[0]?.values.others).toBe(6)
    expect(stack.bars[0]?.sum).toBe(45)
  })

  test('as a table has a row for each step and a column for each layer', () => {
    const { columns, rows } = stackSheet(prepareStack(replyOf(families.slice(0, 2)), wish), 'day')
    expect(columns.map(({ name }) => name)).toEqual(['Day', 'F0', 'F1', 'Total'])
    expect(rows[0]).toMatchObject({ day: '2026-11-01', layer0: 9, layer1: 8, sum: 17 })
    expect(rows[1]).toMatchObject({ day: '2026-11-02', sum: 0 })
  })
})

describe('a table of rows', () => {
  const rows = [
    { tool: 'Search', tool_messages: 30 },
    { tool: 'Canvas', tool_messages: 12 },
  ]
  const reply = replyOf(rows, { comparison: daysBefore([{ tool: 'Search', tool_messages: 20 }]) })

  test('has each row beside its own of the comparison; what was not there before is new', () => {
    const sheet = rowsSheet(reply, 'tool', ['tool_messages'])
    expect(sheet.columns.map(({ name }) => name)).toEqual(['Tool', 'Tool messages', 'Tool messages, before', 'Tool messages, change'])
    expect(sheet.rows.map((row) => row.tool_messages_change)).toEqual(['+10, +50.0 %', 'new'])
  })

  test('is sorted by a column, and what is hidden comes last', () => {
    const sheet = rowsSheet(replyOf([{ tool: 'Memory', tool_messages: hidden }, ...rows]), 'tool', ['tool_messages'])
    const order = (sort: string) => sortedBy(sheet, sort).rows.map(({ tool }) => tool)
    expect(order('tool_messages')).toEqual(['Canvas', 'Search', 'Memory'])
    expect(order('-tool_messages')).toEqual(['Search', 'Canvas', 'Memory'])
    expect(order('tool')).toEqual(['Canvas', 'Memory', 'Search'])
  })

  test('names what has no name', () => {
    expect(cellText('', 'text')).toBe('without a name')
    expect(cellText('2026-11-01', 'month')).toBe('November 2026')
  })
})

test('a downloaded file is RFC 4180, keeps numbers plain and lets no text become a formula', () => {
  const columns = [
    { key: 'name', name: 'Name, "quoted"', kind: 'text' as const },
    { key: 'messages', name: 'Messages', kind: 'count' as const },
  ]
  const rows = [
    { name: '=1+1', messages: -1234.5 },
    { name: 'two\nlines', messages: hidden },
    { name: 'plain', messages: null },
  ]
  expect(csvOf({ columns, rows })).toBe(
    '"Name, ""quoted""",Messages\r\n\'=1+1,-1234.5\r\n"two\nlines",hidden: too few people\r\nplain,\r\n',
  )
})
