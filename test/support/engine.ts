import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The facts engine of a data directory by its command line: one process, or none. */
export function engineOf(data: string): number[] {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return ids.filter((id) => commandOf(id).includes(`facts-engine.ts\0${join(data, 'facts')}\0`)).map(Number)
}

function commandOf(id: string): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}
