import { describe, expect, test } from 'vitest'
import { scopes } from '../../contract/people.ts'
import { commandsFor, destinations, destinationsFor } from './commands.ts'
import { press } from './keys.ts'

const commands = commandsFor(['analytics:read', 'activity:read'])
const plain = { mod: false, alt: false, elsewhere: false }

function typed(keys: string[], more: Partial<typeof plain> = {}, letters = true) {
  let pressed = press(commands, '', { key: '', ...plain }, letters)
  for (const key of keys) pressed = press(commands, pressed.pending, { key, ...plain, ...more }, letters)
  return pressed.command?.id ?? null
}

describe('the keyboard', () => {
  test('takes one key or two', () => {
    expect(typed(['g', 'o'])).toBe('go /overview')
    expect(typed(['d', 'f'])).toBe('range 28d')
    expect(typed(['['])).toBe('earlier')
    expect(typed(['?'])).toBe('help')
  })

  test('begins anew after a second key that leads nowhere', () => {
    expect(typed(['g', 'c'])).toBe('compare')
    expect(typed(['g', 'd', 'f'])).toBe('range 28d')
    expect(typed(['g', 'x', 'o'])).toBeNull()
  })

  test('never acts in a field, and not by letters that are switched off', () => {
    expect(typed(['t'], { elsewhere: true })).toBeNull()
    expect(typed(['t'], {}, false)).toBeNull()
    expect(typed(['Escape'], {}, false)).toBe('clear')
    expect(typed(['k'], { mod: true, elsewhere: true }, false)).toBe('palette')
    expect(typed(['t'], { mod: true })).toBeNull()
  })
})

test('no two commands share their keys, and none is the beginning of another', () => {
  const keys = commands.map((command) => command.keys).filter((text) => text !== '')
  expect(new Set(keys).size).toBe(keys.length)
  expect(keys.filter((text) => keys.some((other) => other.startsWith(`${text} `)))).toEqual([])
})

test('on no page do two commands share their keys', () => {
  for (const { path } of destinations) {
    const keys = commandsFor(scopes, path).flatMap((command) => (command.keys === '' ? [] : [command.keys]))
    expect([path, keys.filter((one, place) => keys.indexOf(one) !== place)]).toEqual([path, []])
    expect([path, keys.filter((one) => keys.some((other) => other.startsWith(`${one} `)))]).toEqual([path, []])
  }
})

test('whose roles show nothing is led to their own account, and to what is for everybody', () => {
  expect(destinationsFor([]).map(({ path }) => path)).toEqual(['/account', '/', '/api/docs'])
})

test('who may not see a page is not led there', () => {
  expect(commandsFor(['analytics:read']).map(({ id }) => id)).not.toContain('go /access')
})
