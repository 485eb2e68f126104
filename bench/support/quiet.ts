import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { family, processorTimeOf } from './processes.ts'

/** Processors that others may use meanwhile before a round counts as disturbed. */
const tolerated = 0.15

/**
 * Keeps others on the machine out of the figures as far as it can: waits until they are quiet, measures what they used while a round
 * ran, and runs a disturbed round again. Both cost time, of which there is only so much.
 */
export class Quiet {
  #secondsLeft: number
  /** The most that others used during a round that was counted, in processors. */
  disturbance = 0

  constructor(seconds: number) {
    this.#secondsLeft = seconds
  }

  /** The result of the least disturbed of some runs. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    await this.#wait()
    let best = await measured(work)
    while (best.others > tolerated && this.#secondsLeft > 0) {
      await this.#wait()
      const another = await measured(work)
      this.#secondsLeft -= another.seconds
      if (another.others < best.others) best = another
    }
    this.disturbance = Math.max(this.disturbance, best.others)
    return best.result
  }

  async #wait(): Promise<void> {
    while (this.#secondsLeft > 0) {
      const { others, seconds } = await measured(() => sleep(700))
      if (others <= tolerated) return
      this.#secondsLeft -= seconds
    }
  }
}

async function measured<T>(work: () => Promise<T>): Promise<{ result: T; others: number; seconds: number }> {
  const before = { all: busySeconds(), ours: processorTimeOf(family(process.pid)), at: performance.now() }
  const result = await work()
  const seconds = (performance.now() - before.at) / 1000
  const ours = processorTimeOf(family(process.pid)) - before.ours
  return { result, seconds, others: Math.max(0, (busySeconds() - before.all - ours) / seconds) }
}

/** Processor time that everything on the machine has used, the kernel included. */
function busySeconds(): number {
  const [, user = 0, nice = 0, system = 0, , , interrupts = 0, softInterrupts = 0] = (
    readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? ''
  )
    .split(/\s+/)
    .map(Number)
  return (user + nice + system + interrupts + softInterrupts) / 100
}
