import type { Readable } from 'node:stream'

export type JsonObject = { [key: string]: unknown }

/** Where in the input something was found, for the summary and the dead letters. `index` counts from 0 within the file. */
export interface Place {
  file: string
  index: number | null
  id?: string
}

/** What a source reader hands over, in the order in which it should be stored. */
export type Found =
  /** One Daybook record, without `workspace_id`. */
  | { type: 'record'; record: JsonObject; at: Place }
  /** The bytes of a `file` record found before. `open` works until the next thing is asked for. */
  | { type: 'bytes'; fileId: string; name: string; size: number | null; open: () => Promise<Readable>; at: Place }
  /** Could not be understood. The message never holds content; `bytes` are what was refused, for the dead letters. */
  | { type: 'rejected'; code: string; message: string; at: Place; bytes?: Buffer }
  /** Understood and deliberately not imported. */
  | { type: 'skipped'; reason: string; at: Place }
  /** Element `index` of `file` is completely handed over: `index + 1` is what `resumeAt` may answer after an interruption. */
  | { type: 'step'; file: string; index: number; bytesRead: number; bytesTotal: number | null }

export type Rejected = Extract<Found, { type: 'rejected' }>

export interface ReadOptions {
  /** Elements of this file already taken in an earlier, interrupted run: that many are passed over cheaply. */
  resumeAt?: (file: string) => number
}

/** Streams everything between a path on disk and the records; holds at most one top-level element at a time. */
export type SourceReader = (path: string, options?: ReadOptions) => AsyncGenerator<Found>
