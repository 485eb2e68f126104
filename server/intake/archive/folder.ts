import { constants } from 'node:fs'
import { lstat, open, readdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { type Archive, reasonOf, rejected } from './entry.ts'

/** Large reads: an export is one long line, and every chunk border costs a copy. */
const CHUNK = 1024 * 1024

/** Lists everything below a folder. Links are never followed: a link in an upload may point anywhere on the server. */
export async function openFolder(path: string): Promise<Archive> {
  const archive: Archive = { entries: [], problems: [], close: () => {} }
  await list(await realpath(path), '', archive)
  return archive
}

/** A single file on disk as an archive of one. */
export async function openFile(path: string, name: string): Promise<Archive> {
  const onDisk = await realpath(path)
  const { size } = await lstat(onDisk)
  return { entries: [{ path: name, size, onDisk, open: () => openNoFollow(onDisk) }], problems: [], close: () => {} }
}

async function list(folder: string, prefix: string, archive: Archive): Promise<void> {
  try {
    for (const name of (await readdir(folder)).sort())
      await listOne(join(folder, name), prefix === '' ? name : `${prefix}/${name}`, archive)
  } catch (error) {
    archive.problems.push(rejected(prefix, 'bad_archive', `the folder could not be read (${reasonOf(error)})`))
  }
}

async function listOne(onDisk: string, path: string, archive: Archive): Promise<void> {
  const status = await lstat(onDisk).catch(reasonOf)
  if (typeof status === 'string') archive.problems.push(rejected(path, 'bad_archive', `could not be read (${status})`))
  else if (status.isDirectory()) await list(onDisk, path, archive)
  else if (status.isSymbolicLink()) archive.problems.push(rejected(path, 'unsafe_path', 'a link, which is not followed'))
  else if (status.isFile()) archive.entries.push({ path, size: status.size, onDisk, open: () => openNoFollow(onDisk) })
  else archive.problems.push(rejected(path, 'unsafe_path', 'neither a file nor a folder'))
}

/** Opens the file that was listed and nothing that took its place since: no link, at its end or on the way to it. */
async function openNoFollow(path: string): Promise<Readable> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  if ((await realpath(path)) !== path) {
    await handle.close()
    throw Object.assign(new Error('the path leads elsewhere now'), { code: 'ELOOP' })
  }
  return handle.createReadStream({ highWaterMark: CHUNK })
}
