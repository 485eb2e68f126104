import { epochSeconds } from '../ledger/times.ts'

/** What the provider's objects have in common: lists, files, times as Unix seconds. */

export interface ListObject<T> {
  object: 'list'
  data: readonly T[]
  last_id: string | null
  has_more: boolean
}

/** A list that is never cut into pages; what is listed may have no id. */
export function wholeList<T extends object>(data: readonly T[]): ListObject<T> {
  const last = data.at(-1)
  return { object: 'list', data, last_id: last && 'id' in last ? textOrNull(last.id) : null, has_more: false }
}

/** Unix seconds of a time that a record gives, else the one that is known anyway. */
export function secondsOr(time: unknown, otherwise: number): number {
  return typeof time === 'string' ? epochSeconds(time) : otherwise
}

export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** url: with a link to the bytes; id: in short. */
export type FileFormat = 'url' | 'id'

export type FileHolder = 'conversation.message' | 'gpt' | 'project'

export type FileObject =
  | {
      object: `compliance.workspace.${FileHolder}.file`
      id: string
      name: string | null
      created_at: number | null
      download_url: string | null
    }
  | { object: `compliance.workspace.${FileHolder}.file_info`; id: string; name: string | null; user_id?: string | null }
