import { expect, test } from 'vitest'
import type { SettingView } from '../../contract/admin.ts'
import { privacyModes, viewerDetails } from '../../contract/workspaces.ts'
import { choicesOf, effectOf, valueTyped, valueWords } from './setting-words.ts'

const setting = (part: Partial<SettingView>): SettingView => ({
  ...{ name: 'name', label: '', meaning: '', values: null, default: null, value: null },
  ...{ changeable: true, why_not: null, changed_at: null, changed_by: null },
  ...part,
})

test('every value that changes what readers see has words, and says what they will see', () => {
  const values: [string, string][] = [
    ...privacyModes.map((mode): [string, string] => ['privacy_mode', mode]),
    ...viewerDetails.map((detail): [string, string] => ['viewer_detail', detail]),
  ]
  for (const [name, value] of values) {
    expect(valueWords(value), value).not.toBe(value)
    expect(effectOf(name, value), `${name} ${value}`).not.toBeNull()
  }
})

test('what is typed becomes what the API takes: a number for seats, a yes or no where the default is one, else a text', () => {
  expect(valueTyped(setting({ name: 'seats' }), '250')).toBe(250)
  expect(valueTyped(setting({ name: 'hide_gpt_analytics', default: false }), 'true')).toBe(true)
  expect(valueTyped(setting({ name: 'hide_gpt_analytics', default: false }), 'false')).toBe(false)
  expect(valueTyped(setting({ name: 'name' }), '250')).toBe('250')
})

test('there is a choice where there are values, or yes and no; a name is typed', () => {
  expect(choicesOf(setting({ values: ['named', 'groups_only'] }))).toEqual([
    { value: 'named', name: 'by name' },
    { value: 'groups_only', name: 'groups only' },
  ])
  expect(choicesOf(setting({ default: false }))?.map(({ name }) => name)).toEqual(['yes', 'no'])
  expect(choicesOf(setting({}))).toBeNull()
})
