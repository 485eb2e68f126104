import type { Reporter, TestModule, TestRunEndReason } from 'vitest/node'

/** Set once the reporter answers for the closing line: vitest loads its configuration as a second copy of this module. */
const taken = Symbol.for('daybook.closing-line')

export interface Tally {
  passed: number
  failed: number
  skipped: number
}

/** Ends a run with the line that scripts read: `12 passed, 0 failed, 1 skipped`, the last part only when something was skipped. */
export class ClosingLine implements Reporter {
  #tally: Tally | null = null

  onInit(): void {
    Reflect.set(globalThis, taken, true)
    // At exit, because other reporters still print after the run, and because vitest may also end without one.
    process.once('exit', (code) => close(code, this.#tally))
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[], reason: TestRunEndReason): void {
    this.#tally = tally(modules, unhandled.length + (reason === 'interrupted' ? 1 : 0))
  }
}

/** For the process that starts vitest: a line even when the configuration is broken and the reporter never came to life. */
export function closeWithoutReporter(): void {
  process.once('exit', (code) => {
    if (code !== 0 && !Reflect.has(globalThis, taken)) close(code, null)
  })
}

function close(code: number, counted: Tally | null): void {
  const { passed, failed, skipped } = agree(code, counted)
  if (failed > 0) process.exitCode = code || 1
  process.stdout.write(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`)
}

/** A run that never got to its end has failed, and so has one with a bad exit code, whatever the tests said. */
function agree(code: number, counted: Tally | null): Tally {
  if (!counted) return { passed: 0, failed: 1, skipped: 0 }
  return code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted
}

function tally(modules: readonly TestModule[], alsoFailed: number): Tally {
  const counts = { passed: 0, failed: alsoFailed, skipped: 0, pending: 0 }
  for (const module of modules) {
    for (const test of module.children.allTests()) counts[test.result().state]++
    counts.failed += failedOutsideTests(module)
  }
  return { passed: counts.passed, failed: counts.failed, skipped: counts.skipped + counts.pending }
}

/** Broken imports and failed beforeAll and afterAll hooks belong to a file or a suite, not to a test. */
function failedOutsideTests(module: TestModule): number {
  const broken = [module, ...module.children.allSuites()].filter((suite) => suite.errors().length > 0).length
  const explained = broken > 0 || !module.children.allTests('failed').next().done
  return module.state() === 'failed' && !explained ? 1 : broken
}
