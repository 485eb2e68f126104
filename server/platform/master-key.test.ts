import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openTestApp } from '../../test/support/app.ts'
import { openLedger } from '../ledger/open.ts'
import { readConfig } from './config.ts'
import { replaceDurably, writeDurably } from './durable-file.ts'
import { readMasterKey } from './master-key.ts'

const daybook = openTestApp()
const folder = mkdtempSync(join(tmpdir(), 'daybook-key-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const configWith = (name: string) => ({ ...readConfig({ DAYBOOK_DATA: folder }, folder), masterKeyFile: join(folder, name) })
const exported = (name: string) => Object.values(readMasterKey(configWith(name))).map((key) => key.export().toString('hex'))

test('the master key is made once, for its owner only, and is the same ever after', () => {
  const made = exported('made.key')
  expect(readFileSync(join(folder, 'made.key'), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/)
  expect(statSync(join(folder, 'made.key')).mode & 0o777).toBe(0o600)
  expect(exported('made.key')).toEqual(made)
  expect(new Set([...made, ...exported('other.key')]).size).toBe(4)
})

test.each(['', 'ab'.repeat(31), 'ab'.repeat(33), `${'ab'.repeat(32)}\n${'ab'.repeat(32)}`, 'zz'.repeat(32)])(
  'a file that is no master key is refused: %.8s…',
  (text) => {
    writeFileSync(join(folder, 'bad.key'), text)
    expect(() => readMasterKey(configWith('bad.key'))).toThrow('is not a master key: 64 hexadecimal digits')
  },
)

test('data do not open with another master key, and the sentence says which setting is wrong', async () => {
  const other = join(folder, 'another.key')
  writeFileSync(other, `${'ab'.repeat(32)}\n`)
  await expect(openLedger({ ...daybook.ledger.config, masterKeyFile: other })).rejects.toThrow('DAYBOOK_MASTER_KEY_FILE must be the file')
})

test('a file that is written durably is there whole; one that was there is left or replaced, and nothing lies beside it', () => {
  const path = join(folder, 'deep', 'er', 'file')
  writeDurably(path, 'first', 0o600)
  writeDurably(path, 'second', 0o600)
  expect(readFileSync(path, 'utf8')).toBe('first')
  replaceDurably(path, 'third', 0o640)
  expect(readFileSync(path, 'utf8')).toBe('third')
  expect(statSync(path).mode & 0o777).toBe(0o640)
  expect(readdirSync(join(folder, 'deep', 'er'))).toEqual(['file'])
})
