import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { zipOf } from '../archive/made-zips.ts'
import { conversation, message, owner, recordsOf, rejectedOf } from './examples.ts'
import { onDisk, read, readAll, removeInputs, single, talks, whole, zipBytes, zipped } from './made-inputs.ts'

afterAll(removeInputs)

test('a bomb, a torn file and a zip that is none cost only themselves', async () => {
  const input = await onDisk({
    'a/conversations.json.gz': gzipSync(`[${JSON.stringify(talks[0])},"${' '.repeat(5_000_000)}"]`),
    'b/conversations.json.gz': gzipSync(JSON.stringify(talks)).subarray(0, -20),
    'c/conversations.json': talks,
    'd.zip': 'no zip',
  })
  const found = await readAll(input)
  const refused = rejectedOf(found).map(({ code, file }) => `${code} ${file}`)
  expect(refused).toEqual(['zip_bomb a/conversations.json.gz', 'bad_archive b/conversations.json.gz', 'bad_archive d.zip'])
  expect(recordsOf(found, 'conversation').length).toBeGreaterThanOrEqual(2)
})

test('bad elements are refused by name with their bytes, and the others are read', async () => {
  const input = `[{"broken": ], ${JSON.stringify(talks[1])}, 12, {"id":"n","mapping":{"x":{"message":${JSON.stringify(message('m', 'user', 'x')).replace('"weight":1', '"weight":12345678901234567890')}}}}]`
  const found = await readAll(await single('conversations.json', input.replace('"broken": ]', '"broken": }')))
  expect(rejectedOf(found)).toMatchObject([{ code: 'bad_json' }, { code: 'bad_record' }, { code: 'bad_number', id: 'm' }])
  expect(recordsOf(found, 'conversation').map((record) => record.id)).toEqual(['c2', 'n'])
  const refused = found.find((each) => each.type === 'rejected' && each.code === 'bad_number')
  expect(refused?.type === 'rejected' && refused.bytes?.toString()).toContain('"weight":12345678901234567890')
})

test('no refusal says a word of what it refuses', async () => {
  const secret = 'correct horse battery staple'
  const input = [{ secret }, conversation('c', [message('m', secret, secret)]), secret]
  const found = await readAll(await single('conversations.json', `${JSON.stringify(input)} "${secret}"`))
  expect(rejectedOf(found)).toHaveLength(4)
  expect(JSON.stringify(rejectedOf(found))).not.toContain('horse')
})

test('a torn file gives its complete talks, then says so', async () => {
  const found = await readAll(await single('conversations.json', JSON.stringify(talks).slice(0, -30)))
  expect(recordsOf(found, 'conversation').map((record) => record.id)).toEqual(['c1'])
  expect(rejectedOf(found)).toMatchObject([{ code: 'bad_json', message: expect.stringContaining('ends before it is complete') }])
})

test('a file that is not UTF-8 is refused instead of changed', async () => {
  const bytes = Buffer.from(JSON.stringify([conversation('c1', [message('a', 'user', 'caf\u00e9')])]), 'latin1')
  expect(rejectedOf(await readAll(await single('conversations.json', bytes)))).toMatchObject([{ code: 'bad_json' }])
})

test('NUL and lone surrogates in a text arrive as they were', async () => {
  const said = 'a\u0000b\ud800c'
  const [record] = recordsOf(
    await readAll(await single('conversations.json', [conversation('c1', [message('a', 'user', said)])])),
    'message',
  )
  expect(record?.content).toEqual([{ type: 'text', text: said }])
})

test('an export of Claude is refused once, in words', async () => {
  const found = await readAll(
    await single('conversations.json', [
      { uuid: 'x', chat_messages: [] },
      { uuid: 'y', chat_messages: [] },
    ]),
  )
  expect(rejectedOf(found)).toMatchObject([{ code: 'bad_record', message: 'this is an export of Claude, not of ChatGPT' }])
})

test('a zip in an export is data or unknown, never opened', async () => {
  const inner = await zipOf([{ name: 'conversations.json', bytes: JSON.stringify(talks) }])
  const found = await readAll(
    await zipped({ 'user.json': owner, 'conversations.json': [], 'inner.zip': inner, 'file-abc-talks.zip': inner }),
  )
  expect(rejectedOf(found)).toMatchObject([{ code: 'unknown_file', file: 'inner.zip' }])
  expect(recordsOf(found, 'file')).toMatchObject([{ id: 'file-abc', name: 'talks.zip', origin: 'library' }])
})

test('an input without any export says so', async () => {
  expect(rejectedOf(await readAll(await onDisk({ 'notes.txt': 'x' })))).toMatchObject([
    { code: 'unknown_file', file: 'notes.txt' },
    { code: 'unknown_file' },
  ])
  expect(rejectedOf(await readAll('/nowhere/at/all'))).toMatchObject([{ code: 'bad_archive' }])
})

test('no changed byte of a zip makes the reader throw, and what is not touched is read', async () => {
  const zip = await zipBytes(whole)
  await fc.assert(
    fc.asyncProperty(fc.nat(zip.length - 1), fc.nat(255), async (at, byte) => {
      const changed = Buffer.from(zip)
      changed[at] = byte
      for await (const found of read(await single('export.zip', changed))) expect(found).toHaveProperty('type')
    }),
    { numRuns: 100 },
  )
})
