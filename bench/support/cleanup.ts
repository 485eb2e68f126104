import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

type Undo = () => Promise<unknown> | unknown

/** What has to be undone at the end whatever happens, Ctrl-C included: the last thing done is the first undone. */
export class Cleanup {
  readonly #undos: Undo[] = []

  add(undo: Undo): void {
    this.#undos.push(undo)
  }

  /** A temporary folder. Its processes and itself are cleared away by another process, which does so even if this one is killed. */
  async folder(name: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), `daybook-${name}-`))
    const reaper = spawn(process.execPath, [fileURLToPath(new URL('reaper.ts', import.meta.url)), folder], {
      detached: true,
      stdio: ['pipe', 'inherit', 'inherit'],
    })
    this.add(async () => {
      const exit = once(reaper, 'exit')
      reaper.stdin.end()
      await exit
    })
    return folder
  }

  async run(): Promise<void> {
    for (let undo = this.#undos.pop(); undo; undo = this.#undos.pop()) {
      try {
        await undo()
      } catch (error) {
        process.stderr.write(`while cleaning up: ${error instanceof Error ? error.message : String(error)}\n`)
      }
    }
  }
}

/** Runs `work`, then cleans up; the same when a signal ends it early. */
export async function withCleanup<T>(work: (cleanup: Cleanup) => Promise<T>): Promise<T> {
  const cleanup = new Cleanup()
  const interrupted = () => void cleanup.run().finally(() => process.exit(130))
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.once(signal, interrupted)
  try {
    return await work(cleanup)
  } finally {
    await cleanup.run()
    for (const signal of signals) process.off(signal, interrupted)
  }
}
