import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { MAX_RATIO, MAX_TEXT_BYTES, RATIO_FROM } from './limits.ts'

/** A gzip header does not say how far it unpacks in a way to rely on, so both limits are kept while reading. */
export function gunzipped(packed: Readable, packedSize: number): Readable {
  return Readable.from(unpack(packed, packedSize), { objectMode: false, highWaterMark: 1024 * 1024 })
}

async function* unpack(packed: Readable, packedSize: number): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: 256 * 1024 })
  packed.on('error', (error) => gunzip.destroy(error))
  try {
    const chunks: AsyncIterable<Buffer> = packed.pipe(gunzip)
    let size = 0
    for await (const chunk of chunks) {
      size += chunk.length
      if (size > MAX_TEXT_BYTES || (size > RATIO_FROM && size > packedSize * MAX_RATIO)) throw new Bomb()
      yield chunk
    }
  } finally {
    packed.destroy()
    gunzip.destroy()
  }
}

/** Unpacks further than any real export. */
export class Bomb extends Error {
  readonly code = 'zip_bomb'
  override readonly name = 'Bomb'
}
