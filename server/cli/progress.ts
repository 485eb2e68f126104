import { basename } from 'node:path'
import { Presets, SingleBar } from 'cli-progress'
import type { ImportStep } from '../intake/import-run.ts'
import { count, say } from './say.ts'

export interface ImportProgress {
  step(step: ImportStep): void
  stop(): void
}

/** A bar where somebody looks, lines every few seconds where a file is written. Neither for what is done within two seconds. */
export function importProgress(): ImportProgress {
  return process.stderr.isTTY ? bar() : lines()
}

const quietFor = 2000
const lineEvery = 3000

function lines(): ImportProgress {
  let latest: ImportStep | null = null
  const timer = setInterval(() => {
    if (latest) say(`  ${count(latest.read, 'record')} read; ${whereOf(latest)}`)
  }, lineEvery)
  return {
    step: (step) => {
      latest = step
    },
    stop: () => clearInterval(timer),
  }
}

function whereOf({ file, bytesRead, bytesTotal }: ImportStep): string {
  const megabytes = `${(bytesRead / 1e6).toFixed(1)} MB`
  return bytesTotal
    ? `${file}: ${Math.floor((100 * bytesRead) / bytesTotal)} % of ${(bytesTotal / 1e6).toFixed(1)} MB`
    : `${file}: ${megabytes}`
}

function bar(): ImportProgress {
  const format = '  {name} {bar} {percentage} % | {read} records'
  const drawn = new SingleBar({ format, stream: process.stderr, hideCursor: true, clearOnComplete: true }, Presets.shades_classic)
  const begun = performance.now()
  let file: string | null = null
  return {
    step: (step) => {
      if (performance.now() - begun < quietFor) return
      const values = { name: basename(step.file), read: step.read.toLocaleString('en-US') }
      // Unpacked size is unknown for a .gz: the bar then stays at its middle, and the count of records moves.
      const total = step.bytesTotal ?? step.bytesRead * 2
      if (file === null) drawn.start(total, step.bytesRead, values)
      file = step.file
      drawn.setTotal(total)
      drawn.update(step.bytesRead, values)
    },
    stop: () => drawn.stop(),
  }
}
