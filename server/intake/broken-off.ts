import { reasonOf, rejected } from './archive/entry.ts'
import { Bomb } from './archive/gunzip.ts'
import type { Rejected } from './found.ts'

/** What is said of an input that could not be read to its end. */
export function brokenOff(error: unknown, file: string): Rejected {
  if (error instanceof Bomb) return rejected(file, 'zip_bomb', 'it unpacks to more than is taken; unpack it and import the folder')
  return rejected(file, 'bad_archive', `it could not be read to its end (${reasonOf(error)})`)
}
