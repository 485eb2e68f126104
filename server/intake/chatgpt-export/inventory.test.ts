import { expect, test } from 'vitest'
import type { Entry } from '../archive/entry.ts'
import { exportsIn, roleOf } from './inventory.ts'

test.each([
  ['conversations.json', 'conversations'],
  ['conversations-012.json', 'conversations'],
  ['conversations.json.gz', 'conversations'],
  ['user.json', 'user'],
  ['textdocs/5e55105e.json', 'textdoc'],
  ['file-Xa2U2osaDyWUfqk2sqVSgG-image.png', 'file'],
  ['file-abc-data.json', 'file'],
  ['file_00000000aaaa.dat', 'file'],
  ['dalle-generations/picture.webp', 'file'],
  ['user-3iLvPcubCeWBtcCmrcjbBpfJ/file_0001-part.png', 'file'],
  ['674861bb-e28c-8001-b7f0-443332f372a4/audio/voice.wav', 'file'],
  ['chat.html', 'skipped'],
  ['sora.json', 'skipped'],
  ['sites/export_manifest.json', 'skipped'],
  ['export_manifest.json', 'manifest'],
  ['README.md', 'housekeeping'],
  ['__MACOSX/._conversations.json', 'housekeeping'],
  ['.DS_Store', 'housekeeping'],
  ['inner.zip', 'unknown'],
  ['surprise.json', 'unknown'],
  ['setup.exe', 'unknown'],
])('%s is %s', (path, role) => {
  expect(roleOf(path)).toBe(role)
})

function found(paths: string[]): { exports: [string, string[]][]; outside: string[] } {
  const entries = paths.map((path): Entry => ({ path, size: 0, open: () => Promise.reject(new Error('not read')) }))
  const { exports, outside } = exportsIn(entries)
  return { exports: exports.map((one) => [one.root, one.entries.map((entry) => entry.path)]), outside: outside.map((entry) => entry.path) }
}

test('every folder with conversations is an export of its own, in the order a person would count', () => {
  expect(
    found(['b10/conversations.json', 'b2/conversations-001.json', 'b2/conversations-000.json', 'b2/textdocs/x.json', 'loose.txt']),
  ).toEqual({
    exports: [
      ['b2/', ['b2/conversations-000.json', 'b2/conversations-001.json', 'b2/textdocs/x.json']],
      ['b10/', ['b10/conversations.json']],
    ],
    outside: ['loose.txt'],
  })
})

test('an account without conversations is an export too, unless it lies in another', () => {
  expect(found(['empty/user.json', 'conversations.json', 'user.json']).exports.map(([root]) => root)).toEqual([''])
  expect(found(['empty/user.json', 'full/conversations.json']).exports.map(([root]) => root)).toEqual(['empty/', 'full/'])
})
