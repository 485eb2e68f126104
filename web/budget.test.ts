import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { z } from 'zod'

/** What readers wait for, in kilobytes of packed script; measured on what was built. */
const beforeTheNumbers = 230
const charts = 130
const altogether = 500

const built = join(import.meta.dirname, '..', 'dist')
const chunk = z.object({ file: z.string(), isEntry: z.boolean().optional(), imports: z.array(z.string()).default([]) })
const missing = !existsSync(join(built, 'manifest.json'))
if (missing) console.warn('The sizes of the web app are not checked: it has not been built. "npm test" builds it.')
const manifest = missing ? {} : z.record(z.string(), chunk).parse(JSON.parse(readFileSync(join(built, 'manifest.json'), 'utf8')))

/** The chunks that a chunk cannot do without, itself included. */
function closure(names: readonly string[], known = new Set<string>()): Set<string> {
  for (const name of names) {
    if (known.has(name)) continue
    known.add(name)
    closure(manifest[name]?.imports ?? [], known)
  }
  return known
}

const kilobytes = (files: readonly string[]) =>
  files.reduce((sum, file) => sum + gzipSync(readFileSync(join(built, file)), { level: 9 }).length, 0) / 1000
const filesOf = (names: Iterable<string>) => [...names].flatMap((name) => manifest[name]?.file ?? []).filter((file) => file.endsWith('.js'))
const entry = () => closure(Object.keys(manifest).filter((name) => manifest[name]?.isEntry === true))

test.skipIf(missing)('the script before the first numbers keeps within its budget', () => {
  expect(kilobytes(filesOf(entry()))).toBeLessThanOrEqual(beforeTheNumbers)
})

test.skipIf(missing)('the charts keep within theirs', () => {
  const first = entry()
  const drawn = closure(Object.keys(manifest).filter((name) => name.startsWith('charts/')))
  expect(kilobytes(filesOf([...drawn].filter((name) => !first.has(name))))).toBeLessThanOrEqual(charts)
})

test.skipIf(missing)('all of it does', () => {
  const all = readdirSync(join(built, 'assets', 'app')).filter((file) => file.endsWith('.js'))
  expect(kilobytes(all.map((file) => `assets/app/${file}`))).toBeLessThanOrEqual(altogether)
})

test.skipIf(missing)('the document holds no script of its own', () => {
  const document = readFileSync(join(built, 'index.html'), 'utf8')
  const scripts = document.match(/<script[^>]*>/g) ?? []
  expect(scripts).toHaveLength(2)
  expect(scripts.filter((tag) => !/ src="\/assets\/app\/[\w.-]+\.js"/.test(tag))).toEqual([])
})
