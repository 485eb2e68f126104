import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The ways in which a text may lie on a disk: as it is, in UTF-16, and in the spellings that databases and logs give to bytes. */
export function spellingsOf(text: string): Buffer[] {
  const bytes = Buffer.from(text)
  const wide = Buffer.from(text, 'utf16le')
  const spelled = [bytes, wide].flatMap((one) => [one.toString('hex'), one.toString('hex').toUpperCase(), ...innerBase64(one)])
  return [bytes, wide, ...spelled.map((one) => Buffer.from(one))]
}

/** Base64 of a text in the middle of something: three alignments, each without the characters that its neighbors have a part in. */
function innerBase64(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
    const from = before === 0 ? 0 : before + 1
    const whole = Math.floor(((before + bytes.length) * 8) / 6)
    const inner = text.slice(from, whole)
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')]
  })
}

/** Where below a folder any of the texts lies in any spelling, as `file: text`. */
export function findInFiles(folder: string, texts: readonly string[]): string[] {
  const patterns = texts.map((text) => ({ text, spellings: spellingsOf(text) }))
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return files.flatMap((entry) => {
    const bytes = readFileSync(join(entry.parentPath, entry.name))
    const found = patterns.filter(({ spellings }) => spellings.some((spelling) => bytes.includes(spelling)))
    return found.map(({ text }) => `${entry.name}: ${text}`)
  })
}
