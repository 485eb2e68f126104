import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { startDaybook } from '../support/cli.ts'

const readyFile = z.object({
  url: z.string(),
  sign_in_url: z.string(),
  workspaces: z.array(z.object({ id: z.string(), name: z.string() })),
  keys: z.record(z.string(), z.string()),
})

/** A demo server of a journey's own, on a free port and an empty data directory. */
export interface Demo extends z.output<typeof readyFile> {
  readonly data: string
  /** The operator makes another link, as people do when the first is used up; for the first owner where nobody else is named. */
  newLink(email?: string): Promise<string>
  close(): Promise<void>
}

/** With a simulated company of so many people and days beside the sample, or with none. */
export async function openDemo({ people = 0, days = 40 } = {}): Promise<Demo> {
  const data = mkdtempSync(join(tmpdir(), 'daybook-journey-'))
  const server = startDaybook(data, ['demo', '--ready-file', 'ready.json', '--people', `${people}`, '--days', `${days}`], {
    DAYBOOK_PORT: '0',
  })
  const close = async () => {
    server.kill('SIGTERM')
    await server.ended
    rmSync(data, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    const path = join(data, 'ready.json')
    while (!existsSync(path)) {
      if (server.exitCode !== null) throw new Error(`the server ended: ${(await server.ended).stderr}`)
      await sleep(50)
    }
    const ready = readyFile.parse(JSON.parse(readFileSync(path, 'utf8')))
    const newLink = async (email = 'owner@localhost') =>
      (await startDaybook(data, ['person', 'link', '--email', email], { DAYBOOK_URL: ready.url }).ended).stdout.trim()
    return { ...ready, data, newLink, close }
  } catch (error) {
    await close()
    throw error
  }
}
