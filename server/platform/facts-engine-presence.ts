import type { IncomingMessage, ServerResponse } from 'node:http'

/** Whoever started the engine comes within this time, or never. */
const firstVisit = 15_000
/** A killed server is often started again at once: its successor then finds the engine warm. */
const grace = 1000

/**
 * Who uses the engine: each process holds one request open. Ending the request is a farewell, after which the last one waits for the
 * engine's end; a connection that breaks off is a death, after which the engine waits a moment for a successor.
 */
export class Presence {
  readonly #users = new Set<IncomingMessage>()
  readonly #end: () => void
  #timer: NodeJS.Timeout

  constructor(end: () => void) {
    this.#end = end
    this.#timer = setTimeout(end, firstVisit)
  }

  enter(request: IncomingMessage, response: ServerResponse, ending: boolean): void {
    if (ending) {
      response.writeHead(503).end()
      return
    }
    clearTimeout(this.#timer)
    this.#users.add(request)
    response.writeHead(200).flushHeaders()
    request.resume()
    request.once('end', () => {
      this.#users.delete(request)
      if (this.#users.size === 0) this.#end()
      else response.end()
    })
    request.once('close', () => {
      if (!this.#users.delete(request) || this.#users.size > 0) return
      this.#timer = setTimeout(this.#end, grace)
    })
    request.on('error', () => undefined)
  }
}
