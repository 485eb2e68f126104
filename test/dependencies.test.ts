import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'

const names = z.record(z.string(), z.string()).default({})
const lists = z.object({ dependencies: names, optionalDependencies: names, devDependencies: names })
const lockFile = z.object({
  packages: z.record(z.string(), z.looseObject({ resolved: z.string().optional(), integrity: z.string().optional() })),
})

const wanted = lists.parse(JSON.parse(read('package.json')))
const lock = lockFile.parse(JSON.parse(read('package-lock.json')))
const all = { ...wanted.dependencies, ...wanted.optionalDependencies, ...wanted.devDependencies }

function read(path: string): string {
  return readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
}

test('every dependency has a line in the decisions, and no line has outlived its dependency', () => {
  const rows = read('docs/decisions/0002-dependencies.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
  const explained = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1]))
  expect(explained.sort()).toEqual(Object.keys(all).sort())
})

test('every dependency has one exact version', () => {
  expect(Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([])
})

test('the lock file is the one of this package.json', () => {
  expect(lists.parse(lock.packages[''])).toEqual(wanted)
})

test('the lock file has a digest of everything and names no registry', () => {
  const packages = Object.entries(lock.packages).filter(([path]) => path !== '')
  expect(packages.filter(([, { resolved, integrity }]) => resolved || !integrity)).toEqual([])
})
