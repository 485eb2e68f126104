import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

interface Process {
  readonly parent: number
  /** One letter of proc(5): R, S, D, T (stopped), Z (dead, not yet reaped) … */
  readonly state: string
}

/** Every process there is, by id. */
function processes(): Map<number, Process> {
  const found = new Map<number, Process>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = readOrEmpty(`/proc/${name}/stat`)
    // The program's name stands in parentheses and may hold anything, parentheses and spaces included.
    const [state = '', parent = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (stat !== '') found.set(Number(name), { parent: Number(parent), state })
  }
  return found
}

/** A process and everything below it, as far as it is alive. */
export function family(root: number): number[] {
  const all = processes()
  const members: number[] = []
  const add = (id: number) => {
    const one = all.get(id)
    if (!one || one.state === 'Z') return
    members.push(id)
    for (const [child, { parent }] of all) if (parent === id) add(child)
  }
  add(root)
  return members
}

/** Every process that was started on something in a folder, by its command line or its environment, with all below it. */
export function processesIn(folder: string): number[] {
  const mentions = (id: number) => ['cmdline', 'environ'].some((name) => readOrEmpty(`/proc/${id}/${name}`).includes(`${folder}/`))
  const roots = [...processes().keys()].filter((id) => id !== process.pid && mentions(id))
  return [...new Set(roots.flatMap(family))]
}

/** The PostgreSQL of a data directory: its first process, then all others. Empty when none runs. */
export function postgresOf(data: string): number[] {
  const id = Number(readOrEmpty(join(data, 'postgres', 'postmaster.pid')).split('\n')[0])
  return Number.isInteger(id) && id > 1 && /postgres/.test(readOrEmpty(`/proc/${id}/cmdline`)) ? family(id) : []
}

export function signalAll(ids: readonly number[], signal: NodeJS.Signals): void {
  for (const id of ids) {
    try {
      process.kill(id, signal)
    } catch {
      // It ended by itself meanwhile.
    }
  }
}

/** Waits until none of them runs; a dead one that nobody reaped counts as gone. */
export async function gone(ids: readonly number[]): Promise<void> {
  await until(() => {
    const all = processes()
    return ids.every((id) => (all.get(id)?.state ?? 'Z') === 'Z')
  })
}

/** Waits until all of them stand still. One in the middle of a write to the disk ends that first. */
export async function stopped(ids: readonly number[]): Promise<void> {
  await until(() => {
    const all = processes()
    return ids.every((id) => /[TZ]/.test(all.get(id)?.state ?? 'Z'))
  })
}

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 5) {
    if (waited > 30_000) throw new Error('processes that were signalled did not follow within 30 s')
    await sleep(5)
  }
}

/**
 * Memory of some processes in bytes: the proportional set size, which counts a page shared by several once. The resident size would
 * count PostgreSQL's shared buffers once per connection.
 */
export function memoryOf(ids: readonly number[]): number {
  const kilobytes = ids.map((id) => Number(/^Pss:\s+(\d+)/m.exec(readOrEmpty(`/proc/${id}/smaps_rollup`))?.[1] ?? 0))
  return kilobytes.reduce((sum, n) => sum + n, 0) * 1024
}

/**
 * Seconds of processor time that some processes and those they have outlived have used: unlike the clock's, these grow little when
 * others use the machine too.
 */
export function processorTimeOf(ids: readonly number[]): number {
  return ids.reduce((sum, id) => {
    const stat = readOrEmpty(`/proc/${id}/stat`)
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const ticks = fields.slice(11, 15).reduce((total, field) => total + Number(field), 0)
    return sum + ticks / ticksPerSecond
  }, 0)
}

const ticksPerSecond = 100

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
