import type { Readable } from 'node:stream'
import type { Rejected } from '../found.ts'

/** One file of an input, wherever it lies. */
export interface Entry {
  /** Below the input, with `/`. */
  path: string
  /** Bytes it holds: of a gzipped file as it lies there, of an entry of a zip unpacked. */
  size: number
  open: () => Promise<Readable>
  /** Where it lies on disk, when it is a file of its own. */
  onDisk?: string
}

/** What an input on disk holds: a folder, a zip or a single file look the same from here on. */
export interface Archive {
  entries: Entry[]
  /** What was refused while listing: links, unsafe names, bombs, damage. */
  problems: Rejected[]
  close: () => void
}

export function rejected(file: string, code: string, message: string): Rejected {
  return { type: 'rejected', code, message, at: { file, index: null } }
}

/** The error code of the system (`ENOENT`, `Z_DATA_ERROR`); never an error's message, which could quote content. */
export function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return 'damaged'
}
