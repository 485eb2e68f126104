import { setTimeout as sleep } from 'node:timers/promises'
import type { FreshServer } from './fresh-server.ts'
import { HttpClient } from './http.ts'

/** The server looks at what there is to index twice a second. */
const look = 600

/** Waits until the search index holds everything. */
export async function indexed({ server, readKey }: FreshServer): Promise<void> {
  const client = new HttpClient(server.url, readKey, 1)
  await sleep(look)
  while (!/^daybook_search_entries_behind 0$/m.test(await client.get('/metrics'))) await sleep(50)
  client.close()
}
