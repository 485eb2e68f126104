import { Agent, type IncomingMessage, request } from 'node:http'

export interface Reply {
  readonly status: number
  readonly text: string
}

/** A client with so many connections that stay open. */
export class HttpClient {
  readonly #agent: Agent
  readonly #base: string
  readonly #key: string

  constructor(url: string, key: string, connections: number) {
    this.#base = url
    this.#key = key
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections })
  }

  /** Sends records; anything but 200 is an error. */
  async post(path: string, body: Buffer): Promise<string> {
    return (await all(await this.#ok('POST', path, body))).toString('utf8')
  }

  /** Asks with a document of JSON; anything but 200 is an error. */
  async ask(path: string, document: object): Promise<string> {
    return (await all(await this.#ok('POST', path, Buffer.from(JSON.stringify(document)), 'application/json'))).toString('utf8')
  }

  /** Sends records and takes any reply. */
  async tryPost(path: string, body: Buffer): Promise<Reply> {
    const reply = await this.#send('POST', path, body)
    return { status: reply.statusCode ?? 0, text: (await all(reply)).toString('utf8') }
  }

  async get(path: string): Promise<string> {
    return (await all(await this.#ok('GET', path, null))).toString('utf8')
  }

  /** Asks and takes any reply. */
  async tryGet(path: string): Promise<Reply> {
    const reply = await this.#send('GET', path, null)
    return { status: reply.statusCode ?? 0, text: (await all(reply)).toString('utf8') }
  }

  /** Reads a reply without keeping it: how many bytes, and the last few of them. */
  async skim(path: string): Promise<{ bytes: number; end: string }> {
    let bytes = 0
    let last: Buffer = Buffer.alloc(0)
    for await (const chunk of chunksOf(await this.#ok('GET', path, null))) {
      bytes += chunk.length
      last = chunk.length >= 300 ? chunk.subarray(-300) : Buffer.concat([last, chunk]).subarray(-300)
    }
    return { bytes, end: last.toString('latin1') }
  }

  close(): void {
    this.#agent.destroy()
  }

  async #ok(method: string, path: string, body: Buffer | null, type?: string): Promise<IncomingMessage> {
    const reply = await this.#send(method, path, body, type)
    if (reply.statusCode === 200) return reply
    throw new Error(`${method} ${path} was answered ${reply.statusCode}: ${(await all(reply)).toString('utf8').slice(0, 500)}`)
  }

  #send(method: string, path: string, body: Buffer | null, type = 'application/x-ndjson'): Promise<IncomingMessage> {
    const headers = {
      authorization: `Bearer ${this.#key}`,
      ...(body ? { 'content-type': type, 'content-length': body.length } : {}),
    }
    return new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request(this.#base + path, { method, headers, agent: this.#agent, timeout: 120_000 }, resolve)
      sent.on('error', reject)
      sent.on('timeout', () => sent.destroy(new Error(`${method} ${path} had no answer for two minutes`)))
      sent.end(body ?? undefined)
    })
  }
}

async function all(reply: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of chunksOf(reply)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function* chunksOf(reply: IncomingMessage): AsyncGenerator<Buffer> {
  for await (const chunk of reply) {
    if (!Buffer.isBuffer(chunk)) throw new Error('a reply is bytes')
    yield chunk
  }
}

/** Does `work` on every item, so many at a time, each worker taking the next one as soon as it is free. */
export async function inParallel<T>(workers: number, items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async () => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item)
  }
  await Promise.all(Array.from({ length: workers }, worker))
}
