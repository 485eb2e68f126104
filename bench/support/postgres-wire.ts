import { connect, type Socket } from 'node:net'
import { join } from 'node:path'

/**
 * PostgreSQL's protocol with nothing in between: what the controls speak, so that they measure the database and not a driver. Text
 * queries and COPY in both directions, on the embedded server's socket.
 */
export class PostgresWire {
  readonly #socket: Socket
  #waiting: { resolve: (received: Received) => void; reject: (error: Error) => void } | null = null
  #onCopyIn: (() => void) | null = null
  #received: Received = { rows: 0, bytes: 0 }
  #error: string | null = null
  /** The bytes of a message header that a chunk ended in. */
  #partialHeader: Buffer = Buffer.alloc(0)
  #type = 0
  #left = 0
  #keep: Buffer[] = []

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('PostgreSQL closed the connection')))
  }

  static async open(sockets: string): Promise<PostgresWire> {
    const wire = new PostgresWire(connect(join(sockets, '.s.PGSQL.5432')))
    const parameters = Buffer.from('user\0daybook\0database\0postgres\0client_min_messages\0warning\0\0')
    const start = Buffer.alloc(8)
    start.writeInt32BE(8 + parameters.length, 0)
    start.writeInt32BE(196_608, 4)
    await wire.#exchange(Buffer.concat([start, parameters]))
    return wire
  }

  /** Runs a statement; for COPY … TO STDOUT it tells how much came. The bytes are looked at no further than to find their end. */
  run(sql: string): Promise<Received> {
    return this.#exchange(message('Q', Buffer.from(`${sql}\0`)))
  }

  /** COPY … FROM STDIN, the data as they are to arrive at the server. */
  copyIn(sql: string, data: readonly Buffer[]): Promise<Received> {
    this.#onCopyIn = () => {
      for (const part of data) {
        this.#socket.write(header('d', part.length))
        this.#socket.write(part)
      }
      this.#socket.write(message('c', Buffer.alloc(0)))
    }
    return this.run(sql)
  }

  close(): void {
    this.#socket.removeAllListeners('close').destroy()
  }

  #exchange(bytes: Buffer): Promise<Received> {
    this.#received = { rows: 0, bytes: 0 }
    this.#error = null
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      this.#socket.write(bytes)
    })
  }

  /** Walks from header to header; COPY data are counted and skipped, other messages kept until they are whole. */
  #read(chunk: Buffer): void {
    let bytes = chunk
    if (this.#partialHeader.length > 0) {
      bytes = Buffer.concat([this.#partialHeader, chunk])
      this.#partialHeader = Buffer.alloc(0)
    }
    let at = 0
    while (at < bytes.length) {
      if (this.#left === 0) {
        if (bytes.length - at < 5) {
          this.#partialHeader = Buffer.from(bytes.subarray(at))
          return
        }
        this.#type = bytes[at] ?? 0
        this.#left = bytes.readInt32BE(at + 1) - 4
        at += 5
      }
      const here = Math.min(this.#left, bytes.length - at)
      if (this.#type === copyData) this.#received.bytes += here
      else this.#keep.push(bytes.subarray(at, at + here))
      at += here
      this.#left -= here
      if (this.#left === 0) this.#finish()
    }
  }

  #finish(): void {
    const content = Buffer.concat(this.#keep.splice(0))
    if (this.#type === copyData) this.#received.rows++
    else if (this.#type === copyInResponse) this.#onCopyIn?.()
    else if (this.#type === errorResponse) this.#error = content.toString('utf8').replaceAll('\0', ' ')
    else if (this.#type === readyForQuery) {
      const waiting = this.#waiting
      this.#waiting = null
      if (this.#error === null) waiting?.resolve(this.#received)
      else waiting?.reject(new Error(`PostgreSQL: ${this.#error}`))
    }
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error)
    this.#waiting = null
  }
}

export interface Received {
  rows: number
  bytes: number
}

const copyData = 0x64 // d
const copyInResponse = 0x47 // G
const errorResponse = 0x45 // E
const readyForQuery = 0x5a // Z

function header(type: string, length: number): Buffer {
  const bytes = Buffer.alloc(5, type)
  bytes.writeInt32BE(length + 4, 1)
  return bytes
}

function message(type: string, content: Buffer): Buffer {
  return Buffer.concat([header(type, content.length), content])
}

/** Lines of JSON go into one text column as they are: no character of theirs is a quote or a delimiter of this CSV. */
export const asLines = `(format csv, quote e'\\x01', delimiter e'\\x02')`
