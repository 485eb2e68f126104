import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { findInFiles } from './search-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'daybook-search-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const marker = 'marker4711'

test.each(['utf8', 'utf16le', 'hex', 'base64', 'base64url'] as const)('a text is found in %s, wherever it stands', (encoding) => {
  mkdirSync(join(folder, 'below'), { recursive: true })
  for (const before of ['', '?', '??', '???']) {
    const around = `${before}${marker}??`
    const bytes = encoding === 'utf16le' ? Buffer.from(around, encoding) : Buffer.from(Buffer.from(around).toString(encoding))
    writeFileSync(join(folder, 'below', 'file'), Buffer.concat([Buffer.alloc(1000), bytes, Buffer.alloc(10)]))
    expect(findInFiles(folder, ['other', marker])).toEqual([`file: ${marker}`])
    expect(findInFiles(folder, ['otherstuff9'])).toEqual([])
  }
})
