import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { ndjson, openTestApp } from '../../test/support/app.ts'
import { root } from '../../test/support/cli.ts'
import { conversation, message, person } from '../../test/support/records.ts'
import { operatorContext } from '../people/operator.ts'
import { listDeadLetters } from './dead-letters.ts'
import { type ImportRequest, runImport } from './import-run.ts'
import { chatgptExport, ownRecords } from './sources.ts'

const daybook = openTestApp()
const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

function folder(files: Record<string, Buffer | string>): string {
  const path = mkdtempSync(join(tmpdir(), 'daybook-import-'))
  folders.push(path)
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(join(path, name, '..'), { recursive: true })
    writeFileSync(join(path, name), bytes)
  }
  return path
}

type Wanted = Pick<ImportRequest, 'paths' | 'workspace'> & Partial<ImportRequest>

function importing(request: Wanted) {
  const defaults = { from: ownRecords, dryRun: false, nameAll: true, onProgress: () => undefined }
  return runImport(operatorContext(daybook.ledger), { ...defaults, ...request })
}

const stored = (workspace: number) =>
  daybook.rows<{ kind: string; number: number }>(
    `select kind, count(*) as number from log where workspace_id = $1 and source <> 'daybook' group by kind order by kind`,
    [workspace],
  )

describe.each([
  ['the sample of this checkout', join(root, 'sample'), null],
  [
    'all thirteen shared exports',
    join(root, '..', 'shared', 'data', 'chatgpt-export-multiuser'),
    { person: 13, conversation: 237, message: 6269 },
  ],
])('%s', (_name, path, expected) => {
  test.skipIf(!existsSync(path))('comes in whole, and again changes nothing', async () => {
    const workspace = await daybook.place()
    const first = await importing({ from: chatgptExport, paths: [path], workspace })
    expect(first).toMatchObject({ accepted: first.read, updated: 0, duplicates: 0, rejected: [] })
    if (expected) expect(first.kinds).toMatchObject(expected)
    const before = await stored(workspace.number)
    expect(Object.fromEntries(before.map(({ kind, number }) => [kind, number]))).toEqual(first.kinds)
    const again = await importing({ from: chatgptExport, paths: [path], workspace })
    expect(again).toMatchObject({ read: first.read, accepted: 0, updated: 0, duplicates: first.read, rejected: [], resumed: 0 })
    expect(await stored(workspace.number)).toEqual(before)
  })
})

describe('records of our own shape', () => {
  const chat = [person('u'), conversation('c', 'u'), message('m', 'c')]

  test('are read from lines, from an array, packed, and from a folder of all of these', async () => {
    const workspace = await daybook.place()
    const path = folder({
      'a.ndjson': ndjson(chat),
      'b.json': JSON.stringify([message('m2', 'c'), message('m3', 'c')]),
      'c/d.jsonl.gz': gzipSync(ndjson([message('m4', 'c')])),
      'e.txt': 'something else',
    })
    const summary = await importing({ paths: [path], workspace })
    expect(summary).toMatchObject({
      read: 6,
      accepted: 6,
      rejected: [],
      skipped_count: 1,
      kinds: { person: 1, conversation: 1, message: 4 },
    })
    expect(summary.skipped).toMatchObject([{ file: 'e.txt' }])
  })

  test('that are bad cost no other: each is named with its line, kept, and kept once however often it is imported', async () => {
    const workspace = await daybook.place()
    const path = join(
      folder({ 'r.ndjson': ndjson([...chat, '{"kind":', '', { kind: 'message', id: 'x' }, message('last', 'c')]) }),
      'r.ndjson',
    )
    const summary = await importing({ paths: [path], workspace })
    expect(summary).toMatchObject({ read: 6, accepted: 4, rejected_count: 2 })
    expect(summary.rejected).toMatchObject([
      { file: 'r.ndjson', index: 3, code: 'bad_json' },
      { file: 'r.ndjson', index: 5, code: 'bad_field', id: 'x', message: expect.stringContaining('conversation_id') },
    ])
    await importing({ paths: [path], workspace })
    const letters = await listDeadLetters(daybook.ledger, { workspace: workspace.number })
    expect(letters).toMatchObject([
      { via: 'records', place: 'r.ndjson, line 4', code: 'bad_json', replayable: true },
      { via: 'records', place: 'r.ndjson, line 6', code: 'bad_field', id: 'x', replayable: true },
    ])
  })

  test('that contradict what is stored are rejected as a conflict and kept', async () => {
    const workspace = await daybook.place()
    const at = '2024-06-01T00:00:00Z'
    const path = folder({ 'r.ndjson': ndjson([person('u', { name: 'A', updated_at: at }), person('u', { name: 'B', updated_at: at })]) })
    expect(await importing({ paths: [path], workspace })).toMatchObject({
      accepted: 1,
      rejected: [{ code: 'conflict', index: 1, id: 'u' }],
    })
  })

  test('that name another workspace stay out of this one', async () => {
    const [workspace, other] = [await daybook.place(), await daybook.place()]
    const path = folder({ 'r.ndjson': ndjson([person('u', { workspace_id: other.id }), person('v', { workspace_id: workspace.id })]) })
    expect(await importing({ paths: [path], workspace })).toMatchObject({ accepted: 1, rejected: [{ code: 'wrong_workspace', id: 'u' }] })
  })

  test('keep their order: without times, the last of two versions is the current one', async () => {
    const workspace = await daybook.place()
    const names = Array.from({ length: 3000 }, (_, i) => person('u', { name: `Name ${i}` }))
    const summary = await importing({ paths: [folder({ 'r.ndjson': ndjson(names) })], workspace })
    expect(summary).toMatchObject({ accepted: 1, updated: 2999 })
    expect((await daybook.records(workspace.read, 'person')).at(-1)).toMatchObject({ name: 'Name 2999' })
  })
})

test('a dry run reads and judges everything and writes nothing, not even an entry', async () => {
  const workspace = await daybook.place()
  const path = folder({ 'r.ndjson': ndjson([person('u'), '[]', { kind: 'nothing' }]) })
  const head = () => daybook.rows<{ seq: number }>('select seq from ledger_head')
  const before = await head()
  const summary = await importing({ paths: [path], workspace, dryRun: true })
  expect(summary).toMatchObject({
    dry_run: true,
    read: 3,
    accepted: 0,
    rejected_by_code: { bad_record: 1, unknown_kind: 1 },
    last_seq: null,
  })
  expect(await head()).toEqual(before)
  expect(await listDeadLetters(daybook.ledger, { workspace: workspace.number })).toEqual([])
  expect(await daybook.rows('select from import_progress')).toEqual([])
})

test('of several inputs each is named, and one that is not there stops the import before it begins', async () => {
  const workspace = await daybook.place()
  const [one, two] = [folder({ 'r.ndjson': ndjson(['x']) }), folder({ 'r.ndjson': ndjson(['x']) })]
  const { rejected } = await importing({ paths: [one, two], workspace })
  expect(new Set(rejected.map(({ file }) => file)).size).toBe(2)
  await expect(importing({ paths: [folder({ 'r.ndjson': ndjson([person('u')]) }), '/no/such/file'], workspace })).rejects.toThrow(
    /nothing there/,
  )
  expect(await stored(workspace.number)).toEqual([])
})

test('who may not write records imports none, and the try is kept', async () => {
  const workspace = await daybook.place()
  const ctx = operatorContext(daybook.ledger)
  const auditor = { ...ctx, actor: { kind: 'person', id: 'a', name: 'a', roles: ['auditor'], workspace: null } as const }
  const request = { from: ownRecords, paths: [folder({})], workspace, dryRun: false, nameAll: true, onProgress: () => undefined }
  await expect(runImport(auditor, request)).rejects.toThrow(/ingest:write/)
  expect((await daybook.entries('import.run')).at(-1)).toMatchObject({ outcome: 'denied' })
})

test('the files of an export are stored with their bytes', async () => {
  const workspace = await daybook.place()
  const node = (content: unknown) => ({
    id: 'n',
    parent: null,
    children: [],
    message: { id: 'n', author: { role: 'user' }, create_time: 1, content },
  })
  const pointer = { content_type: 'image_asset_pointer', asset_pointer: 'file-service://file-AbC123', size_bytes: 4, width: 1, height: 1 }
  const chat = {
    id: 'c',
    title: 't',
    create_time: 1,
    update_time: 2,
    current_node: 'n',
    mapping: { n: node({ content_type: 'multimodal_text', parts: [pointer] }) },
  }
  const path = folder({
    'user.json': JSON.stringify({ id: 'user-1', email: 'u@example.com' }),
    'conversations.json': JSON.stringify([chat]),
    'file-AbC123-picture.png': Buffer.from('\x89PNG'),
  })
  const summary = await importing({ from: chatgptExport, paths: [path], workspace })
  expect(summary).toMatchObject({ rejected: [], files: { stored: 1, duplicates: 0 } })
  expect(await importing({ from: chatgptExport, paths: [path], workspace })).toMatchObject({
    accepted: 0,
    files: { stored: 0, duplicates: 1 },
  })
  expect(
    await daybook.rows('select from file_bytes f join item i on i.number = f.item where i.workspace_id = $1', [workspace.number]),
  ).toHaveLength(1)
})
