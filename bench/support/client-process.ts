import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Cleanup } from './cleanup.ts'

/** What a client can be asked to do; each job takes one input and gives one result, both plain data. */
// biome-ignore lint/suspicious/noExplicitAny: inputs differ from job to job, and a function's parameter admits no wider type
export type Jobs = Record<string, (input: any) => Promise<unknown>>

/** A client in a process of its own, so that its work is not the server's and not the harness's. */
export class ClientProcess<J extends Jobs> {
  readonly #child: ChildProcess

  private constructor(child: ChildProcess) {
    this.#child = child
  }

  static start<J extends Jobs>(script: URL, cleanup: Cleanup): ClientProcess<J> {
    const child = fork(fileURLToPath(script), { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    cleanup.add(() => child.kill('SIGKILL'))
    return new ClientProcess<J>(child)
  }

  ask<K extends keyof J & string>(job: K, input: Parameters<J[K]>[0]): Promise<Awaited<ReturnType<J[K]>>> {
    return new Promise((resolve, reject) => {
      const ended = () => reject(new Error('the client process ended'))
      this.#child.once('exit', ended)
      this.#child.once('message', (reply: Reply) => {
        this.#child.off('exit', ended)
        if (reply.error !== null) reject(new Error(reply.error))
        // The script at the other end was started for exactly these jobs.
        else resolve(reply.result as Awaited<ReturnType<J[K]>>)
      })
      this.#child.send({ job, input })
    })
  }

  end(): void {
    this.#child.kill('SIGKILL')
  }
}

interface Reply {
  result: unknown
  error: string | null
}

/** The other end: answers jobs one after the other until its parent is gone. */
export function serveJobs(jobs: Jobs): void {
  process.on('message', async ({ job, input }: { job: string; input: unknown }) => {
    const reply: Reply = { result: null, error: null }
    try {
      reply.result = (await jobs[job]?.(input)) ?? null
    } catch (error) {
      reply.error = error instanceof Error ? (error.stack ?? error.message) : String(error)
    }
    process.send?.(reply)
  })
  process.on('disconnect', () => process.exit())
  process.on('SIGINT', () => undefined)
}
