import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import type { Found, JsonObject } from '../found.ts'
import { conversation, message, owner, recordsOf, rejectedOf } from './examples.ts'
import { canvasTalk, image, onDisk, read, readAll, removeInputs, single, talks, whole, zipBytes, zipped } from './made-inputs.ts'

afterAll(removeInputs)

test('an export comes in the order in which it is stored: person, talks with their files, judgments, shares, what is left', async () => {
  const found = await readAll(await onDisk(whole))
  expect(recordsOf(found).map(({ kind, id }) => `${kind} ${id}`)).toEqual([
    `person ${owner.id}`,
    'conversation c1',
    'message a',
    'message b',
    'file file-abc',
    'conversation c2',
    'message d',
    'feedback b',
    'comparison b',
    'share s',
    `file ${owner.id}/dalle-generations/drawn.webp`,
  ])
  expect(recordsOf(found, 'person')).toEqual([
    { kind: 'person', source: 'chatgpt', id: owner.id, email: owner.email, original: { chatgpt_plus_user: true, birth_year: 2000 } },
  ])
  expect(recordsOf(found, 'feedback')).toMatchObject([
    { message_id: 'b', conversation_id: 'c1', person_id: owner.id, rating: 'thumbs_up', content: '{}', original: { workspace_id: null } },
  ])
  expect(recordsOf(found, 'comparison')).toMatchObject([{ message_id: 'b', rating: 'original', content: { input: {} } }])
  expect(recordsOf(found, 'share')).toMatchObject([
    { of: { kind: 'conversation', id: 'c1' }, original: { title: 'A talk', is_anonymous: true } },
  ])
  expect(rejectedOf(found)).toMatchObject([{ code: 'unknown_file', file: 'surprise.json' }])
  expect(found.flatMap((each) => (each.type === 'skipped' ? [each.at.file] : []))).toEqual(['chat.html', 'group_chats.json'])
})

test('a file is told of once, with its bytes right behind it', async () => {
  const found = await readAll(await onDisk(whole))
  const at = found.findIndex((each) => each.type === 'record' && each.record.id === 'file-abc')
  expect(found[at]).toMatchObject({
    record: { name: 'cat.png', size: 7, person_id: owner.id, conversation_id: 'c1', message_id: 'a', origin: 'upload' },
  })
  expect(found[at + 1]).toMatchObject({ type: 'bytes', fileId: 'file-abc', name: 'cat.png', size: 7, content: 'picture' })
  expect(recordsOf(found, 'message').map((record) => record.file_ids)).toEqual([['file-abc'], undefined, ['file-abc']])
})

test('a folder, a zip, a zip with one folder on top and a zip among others in a folder give the same records', async () => {
  const expected = recordsOf(await readAll(await onDisk(whole)))
  const top = Object.fromEntries(Object.entries(whole).map(([name, content]) => [`export/${name}`, content]))
  expect(recordsOf(await readAll(await zipped(whole)))).toEqual(expected)
  expect(recordsOf(await readAll(await zipped(top)))).toEqual(expected)
  const both = await zipBytes(whole)
  expect(recordsOf(await readAll(await onDisk({ 'ann.zip': both, 'README.md': 'two accounts' })))).toEqual(expected)
})

test('split files come in the order of their numbers, wherever they lie in the zip', async () => {
  const files = {
    'conversations-010.json': [conversation('c10', [])],
    'conversations-002.json': { conversations: [conversation('c2', [])] },
    'user.json': owner,
    'conversations-000.json': [conversation('c0', [])],
  }
  expect(recordsOf(await readAll(await zipped(files))).map((record) => record.id)).toEqual([owner.id, 'c0', 'c2', 'c10'])
})

test('a part that the export lists and that is not there is missed by name', async () => {
  const manifest = {
    logical_files: { 'conversations.json': { files: ['conversations-000.json', 'conversations-001.json'], sharded: true } },
  }
  const found = await readAll(await onDisk({ 'user.json': owner, 'export_manifest.json': manifest, 'conversations-000.json': [] }))
  expect(rejectedOf(found)).toMatchObject([{ code: 'bad_archive', file: 'conversations-001.json' }])
})

test('gzipped conversations and a lone conversation are read, whatever their file is called', async () => {
  expect(
    recordsOf(await readAll(await single('my talks.json.gz', gzipSync(JSON.stringify(talks))))).map((record) => record.kind),
  ).toContain('message')
  expect(recordsOf(await readAll(await single('one.json', conversation('c1', [])))).map((record) => record.id)).toEqual(['c1'])
})

test('an upload that is gzipped stays as it is', async () => {
  const packed = gzipSync('a,b')
  const files = { 'user.json': owner, 'conversations.json.gz': gzipSync(JSON.stringify(talks)), 'file-xyz-table.csv.gz': packed }
  const found: Found[] = []
  const bytes: Buffer[] = []
  for await (const each of read(await onDisk(files))) {
    found.push(each)
    if (each.type === 'bytes') bytes.push(await buffer(await each.open()))
  }
  expect(bytes).toEqual([packed])
  expect(recordsOf(found, 'conversation')).toHaveLength(2)
})

test('without user.json a judgment names the owner, else a folder of pictures, else nobody', async () => {
  const { 'user.json': _, ...nameless } = whole
  expect(recordsOf(await readAll(await onDisk(nameless)))[0]).toEqual({ kind: 'person', source: 'chatgpt', id: owner.id })
  const drawn = await readAll(await onDisk({ 'conversations.json': talks, 'user-3iLvPcub/file_0001.png': 'x' }))
  expect(recordsOf(drawn, 'conversation')[0]).toMatchObject({ person_id: 'user-3iLvPcub' })
  const found = await readAll(await onDisk({ 'conversations.json': talks }))
  expect(found[0]).toMatchObject({ type: 'skipped', at: { file: 'user.json', id: 'chatgpt-export' } })
  expect(recordsOf(found, 'person')).toEqual([])
  expect(recordsOf(found, 'conversation')[0]).toMatchObject({ person_id: 'chatgpt-export' })
})

test('what the owner blanked out names nobody and is kept', async () => {
  const found = await readAll(
    await onDisk({ ...whole, 'user.json': { id: 'user-***', email: 'p***s@example.org', chatgpt_plus_user: true } }),
  )
  expect(recordsOf(found, 'person')).toEqual([
    { kind: 'person', source: 'chatgpt', id: owner.id, original: { id: 'user-***', email: 'p***s@example.org', chatgpt_plus_user: true } },
  ])
})

test('an export of 2026: nodes without children, files called .dat, a list of their names and of the library', async () => {
  const bare = conversation('c1', [
    message(
      'a',
      'user',
      { content_type: 'multimodal_text', parts: [{ ...image, asset_pointer: 'sediment://file_00aa' }] },
      { status: undefined, weight: undefined },
    ),
    message('b', 'assistant', 'hi'),
  ]) as { mapping: Record<string, JsonObject> }
  for (const node of Object.values(bare.mapping)) delete node.children
  const found = await readAll(
    await zipped({
      'user.json': owner,
      'conversations-000.json': [bare],
      'library_files.json': [
        {
          id: { id: 'libfile_1' },
          file_id: 'file_00bb',
          file_name: 'plan.pdf',
          mime_type: 'application/pdf',
          file_size_bytes: 4,
          created_at: '2026-07-15T12:25:30.970665+00:00',
          origination_thread_id: 'c1',
        },
      ],
      'conversation_asset_file_names.json': { 'file_00aa.dat': 'c1/picture.png' },
      'file_00aa.dat': 'PNG',
      'file_00bb.dat': 'PDF!',
      'user_settings.json': [{}],
    }),
  )
  expect(recordsOf(found, 'message').map(({ id, parent_id }) => [id, parent_id])).toEqual([
    ['a', null],
    ['b', 'a'],
  ])
  expect(recordsOf(found, 'file')).toMatchObject([
    { id: 'file_00bb', name: 'plan.pdf', origin: 'library', conversation_id: 'c1', created_at: '2026-07-15T12:25:30.970665Z' },
    { id: 'file_00aa', name: 'picture.png', message_id: 'a' },
  ])
  expect(found.flatMap((each) => (each.type === 'bytes' ? [[each.fileId, each.content]] : []))).toEqual([
    ['file_00bb', 'PDF!'],
    ['file_00aa', 'PNG'],
  ])
  expect(rejectedOf(found)).toEqual([])
})

test('a canvas takes its last text from textdocs, and one that no talk tells of comes on its own', async () => {
  const files = {
    'user.json': owner,
    'conversations.json': [canvasTalk('c1'), canvasTalk('branch')],
    'textdocs/doc.json': { content: 'final' },
    'textdocs/lone.json': { content: 'typed', title: 'Alone' },
  }
  const found = recordsOf(await readAll(await onDisk(files)), 'canvas')
  expect(found).toMatchObject([
    { id: 'doc', version: 1, name: 'Plan', content: 'final', conversation_id: 'c1' },
    { id: 'lone', name: 'Alone', content: 'typed', person_id: owner.id },
  ])
})
