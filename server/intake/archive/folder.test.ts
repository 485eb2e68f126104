import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { gunzipped } from './gunzip.ts'
import { openArchive } from './open.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'daybook-folder-'))
  await mkdir(join(root, 'export/deep'), { recursive: true })
  await writeFile(join(root, 'secret.txt'), 'outside')
  await writeFile(join(root, 'export/b.json'), '[2]')
  await writeFile(join(root, 'export/deep/a.json'), '[1]')
  await symlink(join(root, 'secret.txt'), join(root, 'export/leak.json'))
  await symlink(root, join(root, 'export/up'))
})
afterAll(() => rm(root, { recursive: true }))

test('a folder is listed to its depths, and links are named and not followed', async () => {
  const { entries, problems } = await openArchive(join(root, 'export'))
  expect(entries.map((entry) => [entry.path, entry.size])).toEqual([
    ['b.json', 3],
    ['deep/a.json', 3],
  ])
  expect(problems.map((problem) => [problem.code, problem.at.file])).toEqual([
    ['unsafe_path', 'leak.json'],
    ['unsafe_path', 'up'],
  ])
})

test('a file that became a link between listing and reading is not opened', async () => {
  await writeFile(join(root, 'export/swapped.json'), '[3]')
  const { entries } = await openArchive(join(root, 'export'))
  const entry = entries.find((each) => each.path === 'swapped.json')
  await rm(join(root, 'export/swapped.json'))
  await symlink(join(root, 'secret.txt'), join(root, 'export/swapped.json'))
  await expect(entry?.open()).rejects.toThrow()
  await rm(join(root, 'export/swapped.json'))
})

test('a single file is an archive of one, as it lies there', async () => {
  const { entries, kind } = await openArchive(join(root, 'export/b.json'))
  expect(kind).toBe('file')
  expect(await Promise.all(entries.map(async (entry) => text(await entry.open())))).toEqual(['[2]'])
})

test('a gzip bomb is broken off, a torn gzip says so', async () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000, ' '))
  const torn = gzipSync(Buffer.alloc(5000, 'abc')).subarray(0, 20)
  const unpack = async (packed: Buffer) => text(gunzipped(Readable.from([packed]), packed.length))
  expect(await unpack(gzipSync('[1, 2]'))).toBe('[1, 2]')
  await expect(unpack(bomb)).rejects.toMatchObject({ code: 'zip_bomb' })
  await expect(unpack(torn)).rejects.toMatchObject({ code: 'Z_BUF_ERROR' })
})

test('a path that is not there is a problem with a name, not an exception', async () => {
  expect((await openArchive(join(root, 'nothing.zip'))).problems).toMatchObject([
    { code: 'bad_archive', message: 'could not be opened (ENOENT)' },
  ])
})
