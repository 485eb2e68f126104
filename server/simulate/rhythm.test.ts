import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { dayNumber, weekdayOf } from './calendar.ts'
import { easter, holidayShare } from './holidays.ts'
import { Random } from './random.ts'
import { dayFactor, secondOfDay } from './rhythm.ts'

const day = (text: string) => dayNumber(Temporal.PlainDate.from(text))
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

describe('how busy a day is', () => {
  const year = Array.from({ length: 364 }, (_, i) => day('2025-01-06') + i)

  test('depends on the seed and the day alone', () => {
    const random = Random.of('rhythm', 1)
    const first = year.map((date) => dayFactor(random, date))
    random.next()
    expect([...year].reverse().map((date) => dayFactor(random, date))).toEqual(first.reverse())
    expect(year.map((date) => dayFactor(Random.of('rhythm', 2), date))).not.toEqual(first)
  })

  test('rests at weekends and on holidays', () => {
    const onWeekdays = Array.from({ length: 7 }, (_, weekday) =>
      mean(
        [1, 2, 3, 4, 5].flatMap((seed) =>
          year.filter((date) => weekdayOf(date) === weekday).map((date) => dayFactor(Random.of(seed), date)),
        ),
      ),
    )
    const [sunday = 0, monday = 0, tuesday = 0, , , friday = 0, saturday = 0] = onWeekdays
    expect(Math.max(sunday, saturday)).toBeLessThan(monday / 5)
    expect(friday).toBeLessThan(tuesday)
    for (const holiday of ['2025-01-01', '2025-04-18', '2025-04-21', '2025-05-01', '2025-05-29', '2025-06-09', '2025-12-25'])
      expect(dayFactor(Random.of(1), day(holiday)), holiday).toBeLessThan(0.25)
  })

  test('is about 1 on a working day in the long run', () => {
    const working = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((seed) =>
      year.filter((date) => [1, 2, 3, 4, 5].includes(weekdayOf(date))).map((date) => dayFactor(Random.of(seed), date)),
    )
    expect(Math.abs(mean(working) - 0.95)).toBeLessThan(0.12)
  })
})

describe('holidays', () => {
  test.each([
    ['1961-04-02', 1961],
    ['2000-04-23', 2000],
    ['2008-03-23', 2008],
    ['2011-04-24', 2011],
    ['2019-04-21', 2019],
    ['2025-04-20', 2025],
    ['2026-04-05', 2026],
    ['2038-04-25', 2038],
  ])('Easter is on %s', (date, year) => {
    expect(easter(year).toString()).toBe(date)
  })

  test('leave most days alone', () => {
    const days = Array.from({ length: 365 }, (_, i) => Temporal.PlainDate.from('2026-01-01').add({ days: i }))
    expect(days.filter((date) => holidayShare(date) < 1)).toHaveLength(20)
  })
})

describe('when in a day', () => {
  const hoursOf = (weekday: number) => {
    const random = Random.of('hours', weekday)
    const hours = new Array<number>(24).fill(0)
    for (let i = 0; i < 48_000; i++) {
      const second = secondOfDay(random, weekday)
      expect(second >= 0 && second < 86_400 && Number.isInteger(second)).toBe(true)
      const hour = Math.floor(second / 3600)
      hours[hour] = (hours[hour] ?? 0) + 1
    }
    return hours
  }

  test('a working day has a morning, a lunch dip, an afternoon, an evening tail and a quiet night', () => {
    const hours = hoursOf(2)
    const at = (hour: number) => hours[hour] ?? 0
    expect(at(10)).toBeGreaterThan(at(12) * 1.3)
    expect(at(14)).toBeGreaterThan(at(12) * 1.3)
    expect(at(20)).toBeGreaterThan(at(18))
    expect(at(3)).toBeLessThan(at(10) / 100)
  })

  test('a weekend is flatter, and Sunday is 0 and 7', () => {
    const [weekend, working] = [hoursOf(6), hoursOf(2)]
    expect(Math.max(...weekend)).toBeLessThan(Math.max(...working) * 0.7)
    expect(secondOfDay(Random.of(1), 7)).toBe(secondOfDay(Random.of(1), 0))
  })
})
