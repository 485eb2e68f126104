import { Presets, SingleBar } from 'cli-progress'
import type { ImportStep } from '../intake/import-run.ts'
import { say } from './say.ts'

const quietFor = 2000
const lineEvery = 3000

/** How many days of a history are in: a bar where somebody looks, a line every few seconds otherwise. */
export function simulationProgress(name: string): { step(step: ImportStep): void; stop(): void } {
  const begun = performance.now()
  const format = `  ${name.replaceAll(/[{}]/g, '')} {bar} {value} of {total} days | {read} records`
  const drawn = new SingleBar({ format, stream: process.stderr, hideCursor: true, clearOnComplete: true }, Presets.shades_classic)
  let said = begun
  return {
    step({ read, bytesRead, bytesTotal }) {
      const now = performance.now()
      if (now - begun < quietFor) return
      const values = { read: read.toLocaleString('en-US') }
      if (process.stderr.isTTY) {
        if (!drawn.isActive) drawn.start(bytesTotal ?? 0, bytesRead, values)
        drawn.update(bytesRead, values)
      } else if (now - said > lineEvery) {
        said = now
        say(`  ${name}: ${bytesRead} of ${bytesTotal ?? 0} days, ${values.read} records`)
      }
    },
    stop: () => drawn.stop(),
  }
}
