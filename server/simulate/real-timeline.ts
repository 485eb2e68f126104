import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Timeline } from './distribution.ts'

/** The real timeline lies beside the repository and not in it; tests and benches compare with it where it is. */
const path = join(import.meta.dirname, '../../../shared/data/codechat-timeline/conversation_turns_times.csv.gz')

/** Dates and turns of 55,964 conversations of a public chat service in 2023; null where they are not. */
export function realTimeline(): Timeline | null {
  if (!existsSync(path)) return null
  const rows = gunzipSync(readFileSync(path)).toString().trim().split('\n').slice(1)
  // A conversation that went over midnight has several dates: `id,turns,"2023-05-01, 2023-05-02"`.
  const cells = rows.map((row) => row.replaceAll('"', '').split(','))
  return { dates: cells.map(([, , date = '']) => date.trim()), turns: cells.map(([, turns]) => Number(turns)) }
}

/** Its days; conversations that went on after the last are left out of it. */
export const realDays = { first: '2023-04-09', last: '2023-11-30' } as const
