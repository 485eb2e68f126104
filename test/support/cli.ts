import { type ChildProcess, spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Starts `daybook …` on a data directory, as its launcher does: no shell, standard output is a pipe. */
export function startDaybook(
  data: string,
  args: readonly string[],
  more: NodeJS.ProcessEnv = {},
): ChildProcess & { ended: Promise<Ended> } {
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, DAYBOOK_DATA: data, DAYBOOK_LOG: 'warn', ...more }
  const child = spawn(process.execPath, [join(root, 'server', 'cli.ts'), ...args], { cwd: data, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const texts = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text))
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, ...texts }))
  })
  return Object.assign(child, { ended })
}

export function daybookCommand(data: string, ...args: string[]): Promise<Ended> {
  return startDaybook(data, args).ended
}
