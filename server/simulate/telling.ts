import type { JsonObject } from '../intake/found.ts'
import type { Company } from './company.ts'
import type { Person } from './people.ts'
import type { Random } from './random.ts'
import type { Talk } from './talk.ts'
import type { Matter } from './words/grammar.ts'

/** A file with the bytes that belong to it. */
export interface MadeFile {
  readonly id: string
  readonly source: string
  readonly record: JsonObject
  readonly bytes: Buffer
}

/** What the messages of one conversation have in common while they are written. */
export interface Telling {
  readonly company: Company
  readonly talk: Talk
  readonly person: Person
  /** What all of it is about. */
  readonly matter: Matter
  readonly conversation: string
  /** Ids of its messages, by place. */
  readonly messages: readonly string[]
  readonly random: Random
  /** Those met so far. */
  readonly files: MadeFile[]
}
