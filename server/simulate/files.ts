import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { timeText } from './calendar.ts'
import { tagged } from './ids.ts'
import type { Random } from './random.ts'
import type { MadeFile, Telling } from './telling.ts'
import { promptWords } from './words/chat.ts'
import { fileName } from './words/names.ts'

/** What a person put into the message at a place. */
export function uploadOf(telling: Telling, place: number): MadeFile {
  const { random, person, matter } = telling
  const named = fileName(random, matter.task)
  const isTable = /\.(csv|xlsx)$/.test(named)
  const bytes = isTable ? tableBytes(random) : Buffer.from(`${promptWords(random, person.language, matter)}\n`)
  const name = named.replace(/\.[a-z]+$/, isTable ? '.csv' : '.txt')
  return made(telling, place, { name, mime: isTable ? 'text/csv' : 'text/plain', origin: 'upload', bytes })
}

/** What an image tool made. */
export function drawingOf(telling: Telling, place: number): MadeFile {
  return made(telling, place, { name: 'image.png', mime: 'image/png', origin: 'generated', bytes: pngBytes(telling.random, 24) })
}

interface Contents {
  name: string
  mime: string
  origin: 'upload' | 'generated'
  bytes: Buffer
}

function made({ random, person, talk, conversation, messages }: Telling, place: number, { name, mime, origin, bytes }: Contents): MadeFile {
  const id = tagged(random, 'file-', 22)
  const created = timeText(talk.said[place]?.at || talk.start)
  const record = {
    kind: 'file',
    id,
    source: person.source,
    name,
    mime_type: mime,
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    person_id: person.id,
    conversation_id: conversation,
    message_id: messages[place],
    origin,
    created_at: created,
    updated_at: created,
  }
  return { id, source: person.source, record, bytes }
}

function tableBytes(random: Random): Buffer {
  const rows = Array.from({ length: 8 + random.int(40) }, (_, i) => `${i + 1},${random.int(900)},${random.int(90_000) / 100}`)
  return Buffer.from(`number,amount,price\n${rows.join('\n')}\n`)
}

/** A gray square of so many pixels. Not compressed: compressors of different versions give different bytes. */
function pngBytes(random: Random, size: number): Buffer {
  const tone = random.int(200)
  const lines = Buffer.alloc((size + 1) * size)
  for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) lines[y * (size + 1) + 1 + x] = tone + (((x ^ y) + random.int(3)) & 31)
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header[8] = 8
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', stored(lines)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const body = Buffer.concat([Buffer.from(type), data])
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

/** A zlib stream of one block that is stored as it is (RFC 1950 and 1951). */
function stored(data: Buffer): Buffer {
  const head = Buffer.from([0x78, 0x01, 0x01, 0, 0, 0, 0])
  head.writeUInt16LE(data.length, 3)
  head.writeUInt16LE(data.length ^ 0xffff, 5)
  let [a, b] = [1, 0]
  for (const byte of data) {
    a = (a + byte) % 65_521
    b = (b + a) % 65_521
  }
  const check = Buffer.alloc(4)
  check.writeUInt32BE(b * 65_536 + a)
  return Buffer.concat([head, data, check])
}
