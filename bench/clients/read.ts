import { z } from 'zod'
import { type Jobs, serveJobs } from '../support/client-process.ts'
import { HttpClient } from '../support/http.ts'
import { asLines, PostgresWire } from '../support/postgres-wire.ts'

export interface Walk {
  readonly url: string
  readonly key: string
  readonly workspace: string
}

export interface Read {
  readonly seconds: number
  readonly bytes: number
}

const cursor = /"last_id":(?:"([^"]*)"|null),"has_more":(true|false)\}$/
const path = (workspace: string, after: string | null) =>
  `/v1/compliance/workspaces/${workspace}/conversations?limit=500${after === null ? '' : `&after=${after}`}`

/** Every page from the first to the last, its bytes consumed and let go. */
async function walk({ url, key, workspace }: Walk): Promise<Read> {
  const client = new HttpClient(url, key, 1)
  const started = performance.now()
  let bytes = 0
  for (let after: string | null = null, more = true; more; ) {
    const page = await client.skim(path(workspace, after))
    bytes += page.bytes
    const [, last = null, hasMore] = cursor.exec(page.end) ?? []
    after = last
    more = hasMore === 'true'
  }
  client.close()
  return { seconds: (performance.now() - started) / 1000, bytes }
}

/** The control: the same bytes from one bare column. */
async function copy({ sockets, table }: { sockets: string; table: string }): Promise<Read> {
  const wire = await PostgresWire.open(sockets)
  const started = performance.now()
  const { bytes } = await wire.run(`copy (select body from ${table}) to stdout`)
  const seconds = (performance.now() - started) / 1000
  wire.close()
  return { seconds, bytes }
}

const page = z.object({
  data: z.array(z.looseObject({ id: z.string(), messages: z.looseObject({ data: z.array(z.unknown()) }) })),
  last_id: z.string().nullable(),
  has_more: z.boolean(),
})

/** Reads everything once, counts it, and lays the very bytes of the reply into a bare table: a row per message, one per conversation's head. */
async function keep({
  sockets,
  table,
  ...from
}: Walk & { sockets: string; table: string }): Promise<{ conversations: number; messages: number }> {
  const client = new HttpClient(from.url, from.key, 1)
  const wire = await PostgresWire.open(sockets)
  const seen = { conversations: 0, messages: 0 }
  for (let after: string | null = null, more = true; more; ) {
    const { data, last_id, has_more } = page.parse(JSON.parse(await client.get(path(from.workspace, after))))
    const rows = data.flatMap(({ messages, ...head }) => [head, ...messages.data].map((row) => JSON.stringify(row)))
    if (rows.length > 0) await wire.copyIn(`copy ${table} from stdin ${asLines}`, [Buffer.from(`${rows.join('\n')}\n`)])
    seen.conversations += data.length
    seen.messages += rows.length - data.length
    after = last_id
    more = has_more
  }
  client.close()
  wire.close()
  return seen
}

const jobs = { walk, copy, keep } satisfies Jobs
export type ReadJobs = typeof jobs
serveJobs(jobs)
