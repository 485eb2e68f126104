import { open, realpath, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Archive, reasonOf, rejected } from './entry.ts'
import { openFile, openFolder } from './folder.ts'
import { openZip } from './zip.ts'

/** Opens a folder, a zip (by its first bytes, whatever it is called) or a single file, which may be gzipped. */
export async function openArchive(path: string): Promise<Archive & { kind: 'folder' | 'zip' | 'file' }> {
  const name = basename(path)
  try {
    const status = await stat(path)
    if (status.isDirectory()) return { ...(await openFolder(path)), kind: 'folder' }
    if (status.isFile())
      return (await isZip(path))
        ? { ...(await openZip(await realpath(path), name)), kind: 'zip' }
        : { ...(await openFile(path, name)), kind: 'file' }
    return { entries: [], problems: [rejected(name, 'unsafe_path', 'neither a file nor a folder')], close: () => {}, kind: 'file' }
  } catch (error) {
    return {
      entries: [],
      problems: [rejected(name, 'bad_archive', `could not be opened (${reasonOf(error)})`)],
      close: () => {},
      kind: 'file',
    }
  }
}

/** A zip begins with a local file header, or with the end record when it is empty. */
async function isZip(path: string): Promise<boolean> {
  if (/\.zip$/i.test(path)) return true
  const handle = await open(path)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0)
    return bytesRead === 4 && ['504b0304', '504b0506'].includes(buffer.toString('hex'))
  } finally {
    await handle.close()
  }
}
