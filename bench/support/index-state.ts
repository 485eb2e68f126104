import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { daybook } from './daybook.ts'
import type { FreshServer } from './fresh-server.ts'

const status = z.object({ cursor: z.number(), head: z.number() })

export async function indexState({ server }: FreshServer): Promise<z.output<typeof status>> {
  return status.parse(JSON.parse(await daybook(server.data, ['search', 'status', '--json'])))
}

/** Waits until the search index holds everything. */
export async function indexed(fresh: FreshServer): Promise<void> {
  for (;;) {
    const { cursor, head } = await indexState(fresh)
    if (cursor >= head) return
    await sleep(300)
  }
}
