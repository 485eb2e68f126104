import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Archive, type Entry, reasonOf } from './entry.ts'
import { fileBytesAllowed, MAX_ENTRIES } from './limits.ts'
import { centralAt, patched, renamed, zipOf } from './made-zips.ts'
import { openArchive } from './open.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybook-zip-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function listed(bytes: Buffer): Promise<{ archive: Archive; names: string[]; problems: string[] }> {
  const path = join(folder, 'made.zip')
  await writeFile(path, bytes)
  const archive = await openArchive(path)
  return {
    archive,
    names: archive.entries.map((entry) => entry.path),
    problems: archive.problems.map((problem) => `${problem.code} ${problem.at.file}`),
  }
}

async function readAll(archive: Archive): Promise<string[]> {
  const opened = []
  for (const entry of archive.entries) opened.push(await reading(entry))
  archive.close()
  return opened
}

async function reading(entry: Entry): Promise<string> {
  try {
    return await text(await entry.open())
  } catch (error) {
    return `failed: ${reasonOf(error)}`
  }
}

const two = [
  { name: 'user.json', bytes: '{}' },
  { name: 'conversations.json', bytes: '[1]' },
]

test('the entries of a good zip are listed and read, packed or stored', async () => {
  const { archive, names, problems } = await listed(await zipOf([...two, { name: 'file-a.png', bytes: 'picture', stored: true }]))
  expect({ names, problems }).toEqual({ names: ['user.json', 'conversations.json', 'file-a.png'], problems: [] })
  expect(await readAll(archive)).toEqual(['{}', '[1]', 'picture'])
})

test.each(['../escape', '/absolute', 'a/../../x', 'C:/windows', '..\\escape', 'd:relativ'])(
  'the name %s is refused and the rest is read',
  async (name) => {
    const placeholder = 'p'.repeat(name.length)
    const { archive, names, problems } = await listed(
      renamed(await zipOf([{ name: placeholder, bytes: 'evil' }, ...two]), placeholder, name),
    )
    expect(names).toEqual(['user.json', 'conversations.json'])
    expect(problems).toEqual([`unsafe_path ${name.replaceAll('\\', '/')}`])
    archive.close()
  },
)

test('links and devices are refused', async () => {
  const { archive, names, problems } = await listed(
    await zipOf([{ name: 'link', bytes: '/etc/passwd', mode: 0o120777 }, { name: 'device', bytes: '', mode: 0o060644 }, ...two]),
  )
  expect(names).toEqual(['user.json', 'conversations.json'])
  expect(problems).toEqual(['unsafe_path link', 'unsafe_path device'])
  archive.close()
})

test('an entry that unpacks to more than a hundred times its size is refused, a small one is not', async () => {
  const { archive, names, problems } = await listed(
    await zipOf([
      { name: 'bomb.json', bytes: Buffer.alloc(3_000_000, ' ') },
      { name: 'blank.json', bytes: Buffer.alloc(900_000, ' ') },
    ]),
  )
  expect(names).toEqual(['blank.json'])
  expect(problems).toEqual(['zip_bomb bomb.json'])
  archive.close()
})

test('text that unpacks to more than 2 GB in all is refused from there on, pictures have room of their own', async () => {
  const entries = ['a.json', 'b.json', 'c.png'].map((name) => ({ name, bytes: 'x'.repeat(50) }))
  const giant = { packed: 100_000_000, full: 1_500_000_000 }
  const zip = [0, 1, 2].reduce((bytes, index) => patched(bytes, index, giant), await zipOf(entries))
  const { archive, names, problems } = await listed(zip)
  expect(names).toEqual(['a.json', 'c.png'])
  expect(problems).toEqual(['zip_bomb b.json'])
  archive.close()
})

test('twenty gigabytes of pictures may come in a zip of ten, not in one of a megabyte', () => {
  expect(fileBytesAllowed(10e9)).toBeGreaterThan(20e9)
  expect(fileBytesAllowed(1e6)).toBeLessThan(3e9)
})

test('a directory of more entries than any export has is refused as a whole, before it is read', async () => {
  const zip = await zipOf(two)
  const end = zip.lastIndexOf(Buffer.from('504b0506', 'hex'))
  zip.writeUInt16LE(MAX_ENTRIES + 1, end + 8)
  zip.writeUInt16LE(MAX_ENTRIES + 1, end + 10)
  const { names, problems } = await listed(zip)
  expect(names).toEqual([])
  expect(problems).toEqual(['zip_bomb made.zip'])
})

test('an entry that holds more than its directory says is broken off while it is read', async () => {
  const { archive } = await listed(patched(await zipOf([{ name: 'lie.json', bytes: 'x'.repeat(5000) }, ...two]), 0, { full: 100 }))
  expect(await readAll(archive)).toEqual([expect.stringMatching(/^failed/), '{}', '[1]'])
})

test('a changed byte is noticed by the checksum', async () => {
  const zip = await zipOf([{ name: 'a.json', bytes: '"true words"', stored: true }, ...two])
  const { archive } = await listed(renamed(zip, 'true words', 'fake words'))
  expect(await readAll(archive)).toEqual(['failed: CRC', '{}', '[1]'])
})

test('encrypted entries and unknown methods are refused by name', async () => {
  const { archive, names, problems } = await listed(patched(await zipOf(two), 0, { flags: 1 }))
  expect({ names, problems }).toEqual({ names: ['conversations.json'], problems: ['bad_archive user.json'] })
  archive.close()
})

test('of two entries of one name the first counts', async () => {
  const { archive, problems } = await listed(
    renamed(await zipOf([...two, { name: 'uber.json', bytes: '{"id":"other"}' }]), 'uber.json', 'user.json'),
  )
  expect(problems).toEqual(['bad_archive user.json'])
  expect(await readAll(archive)).toEqual(['{}', '[1]'])
})

test('a zip whose end is missing is refused in words', async () => {
  const zip = await zipOf(two)
  const { archive, problems } = await listed(zip.subarray(0, zip.length - 10))
  expect(problems).toEqual(['bad_archive made.zip'])
  expect(archive.problems[0]?.message).toContain('download it again')
})

test('a directory damaged in the middle gives what stands before it, by name', async () => {
  const { archive } = await listed(patched(await zipOf([...two, { name: 'late.json', bytes: '1' }]), 2, { signature: 0 }))
  expect(archive.problems[0]?.message).toContain('user.json, conversations.json')
  expect(await readAll(archive)).toEqual(['{}', '[1]'])
})

test('no damage to any byte makes it throw', async () => {
  const zip = await zipOf([...two, { name: 'file-a.png', bytes: 'x'.repeat(300), stored: true }])
  const from = centralAt(zip, 0)
  await fc.assert(
    fc.asyncProperty(fc.nat(zip.length - 1), fc.nat(255), fc.integer({ min: 1, max: zip.length }), async (at, byte, keep) => {
      const damaged = Buffer.from(zip)
      damaged[at] = byte
      damaged[from + (at % 40)] = byte
      const { archive } = await listed(damaged.subarray(0, Math.max(keep, zip.length - 30)))
      await readAll(archive)
    }),
    { numRuns: 200 },
  )
})
