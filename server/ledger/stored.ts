import type { Candidate } from './candidate.ts'
import type { Verdict, Version } from './decide.ts'
import type { ItemState, Ref } from './identity.ts'

/** One record that goes into the log, with everything that follows from it. */
export interface Stored {
  readonly candidate: Candidate
  readonly verdict: Exclude<Verdict, 'duplicate' | 'conflict'>
  readonly item: ItemState | null
  readonly message: MessageState | null
  readonly conversation: Ref | null
  readonly person: Ref | null
  readonly gpt: Ref | null
  readonly project: Ref | null
  /** For groups: their members. */
  readonly members: Ref[]
  readonly version: Version
  /** 0 until the transaction has its numbers. */
  seq: number
}

/** What a transaction knows of one message. Its identity holds its conversation: real exports repeat an id in two of them. */
export interface MessageState {
  readonly workspace: number
  readonly id: string
  readonly conversation: Ref
  /** 0 until its first version has a place. */
  firstSeq: number
  current: Version | null
  history: Version[]
  deletedAt: string | null
  repeatedId: boolean
  /** It was erased: nothing of it is taken again. */
  readonly purged: boolean
  changed: boolean
}
