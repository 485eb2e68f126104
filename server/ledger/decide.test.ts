import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide, type Incoming, looksBack, type Verdict, type Version } from './decide.ts'

const at = (updatedAt: number | null, payload: string): Incoming => ({ updatedAt, fingerprint: Buffer.from(payload) })
const version = (updatedAt: number | null, payload: string): Version => ({ seq: 1, ...at(updatedAt, payload) })

describe('identity and versions, sentence by sentence', () => {
  test.each<[string, Version | null, Version[], Incoming, Verdict]>([
    ['what is not known is new', null, [], at(null, 'a'), 'new'],
    ['with updated_at, a newer one is a new version', version(10, 'a'), [], at(11, 'b'), 'newer'],
    ['an equal one with the same payload is a duplicate', version(10, 'a'), [], at(10, 'a'), 'duplicate'],
    ['an older one with the payload of that time is a duplicate', version(10, 'b'), [version(5, 'a')], at(5, 'a'), 'duplicate'],
    ['an equal one with another payload is a conflict', version(10, 'a'), [], at(10, 'b'), 'conflict'],
    ['and so is one equal to an older version', version(10, 'b'), [version(5, 'a')], at(5, 'c'), 'conflict'],
    ['an older one that was not known is history', version(10, 'b'), [version(5, 'a')], at(7, 'c'), 'older'],
    ['without updated_at, the same payload is a duplicate', version(null, 'a'), [], at(null, 'a'), 'duplicate'],
    ['without updated_at, another payload is a new version', version(null, 'a'), [], at(null, 'b'), 'newer'],
    ['what has no updated_at after one that has is a new version', version(10, 'a'), [], at(null, 'b'), 'newer'],
    ['what has one after one that has none is a new version', version(null, 'a'), [], at(10, 'b'), 'newer'],
  ])('%s', (_sentence, current, history, incoming, verdict) => {
    expect(decide(current, history, incoming)).toBe(verdict)
  })
})

/** The ledger's bookkeeping around the rule, as `accept` does it. */
function takeAll(arriving: readonly Incoming[]): { current: Version | null; history: Version[]; verdicts: Verdict[] } {
  let current: Version | null = null
  const history: Version[] = []
  const verdicts = arriving.map((incoming) => {
    const verdict = decide(current, looksBack(current, incoming) ? history : [], incoming)
    if (verdict === 'older') history.push({ seq: 0, ...incoming })
    if (verdict === 'new' || verdict === 'newer') {
      if (current) history.push(current)
      current = { seq: 0, ...incoming }
    }
    return verdict
  })
  return { current, history, verdicts }
}

/** A source that says one thing at a time: the payload follows from the time. */
const steady = fc.array(
  fc.integer({ min: 0, max: 20 }).map((time) => at(time, `payload of ${time}`)),
  { minLength: 1, maxLength: 40 },
)
const anything = fc.array(fc.record({ time: fc.option(fc.integer({ min: 0, max: 5 })), payload: fc.constantFrom('a', 'b', 'c') }), {
  minLength: 1,
  maxLength: 40,
})

describe('whatever the order of arrival', () => {
  test('the newest version is the current one and every version is kept once', () => {
    fc.assert(
      fc.property(steady, (arriving) => {
        const { current, history, verdicts } = takeAll(arriving)
        const times = new Set(arriving.map(({ updatedAt }) => updatedAt))
        expect(current?.updatedAt).toBe(Math.max(...arriving.map(({ updatedAt }) => updatedAt ?? 0)))
        expect(history).toHaveLength(times.size - 1)
        expect(verdicts.filter((verdict) => verdict === 'duplicate')).toHaveLength(arriving.length - times.size)
        expect(verdicts).not.toContain('conflict')
      }),
    )
  })

  test('sending the same again changes nothing', () => {
    fc.assert(
      fc.property(steady, (arriving) => {
        const again = takeAll([...arriving, ...arriving]).verdicts.slice(arriving.length)
        expect(new Set(again)).toEqual(new Set(['duplicate']))
      }),
    )
  })

  test('the current version never goes back in time, and only a source that contradicts itself meets a conflict', () => {
    fc.assert(
      fc.property(anything, (arriving) => {
        let before: Version | null = null
        for (let length = 1; length <= arriving.length; length++) {
          const { current, verdicts } = takeAll(arriving.slice(0, length).map(({ time, payload }) => at(time, `${time} ${payload}`)))
          if (verdicts.at(-1) === 'conflict')
            expect(arriving.slice(0, length - 1).map(({ time }) => time)).toContain(arriving[length - 1]?.time)
          if (before?.updatedAt != null && current?.updatedAt != null) expect(current.updatedAt).toBeGreaterThanOrEqual(before.updatedAt)
          before = current
        }
      }),
    )
  })
})
