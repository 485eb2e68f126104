import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { againstTheLine, circles, defaultExports, tooLong } from './import-line.ts'
import { readSources, type Source } from './source-tree.ts'

const ours = await readSources(dirname(dirname(fileURLToPath(import.meta.url))))

describe('our own sources', () => {
  test('import only from their left on the import line', () => {
    expect(againstTheLine(ours)).toEqual([])
  })

  test('never import each other in a circle', () => {
    expect(circles(ours)).toEqual([])
  })

  test('have no file over 400 lines and no function over 60', () => {
    expect(tooLong(ours)).toEqual([])
  })

  test('export by name', () => {
    expect(defaultExports(ours)).toEqual([])
  })
})

describe('the checks above', () => {
  const folders: string[] = []

  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
  })

  function checkout(files: Record<string, string>): Promise<Source[]> {
    const root = mkdtempSync(join(tmpdir(), 'daybook-imports-'))
    folders.push(root)
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
    return readSources(root)
  }

  test('find every way to write an import', async () => {
    const sources = await checkout({
      'server/ledger/tree.ts': `
        import { member } from '../people/members.ts'
        import type { Scope } from '../people/keys.ts'
        export { rule } from '../governance/rules.ts'
        type Row = import('../analytics/rows.ts').Row
        export const later = (row: Row, scope: Scope) => [row, scope, member, import('../delivery/outbox.ts')]
        export const text = "import '../exports/csv.ts'"`,
    })
    expect(againstTheLine(sources)).toEqual([
      "server/ledger/tree.ts imports '../people/members.ts' (server/people/members.ts): ledger may not",
      "server/ledger/tree.ts imports '../people/keys.ts' (server/people/keys.ts): ledger may not",
      "server/ledger/tree.ts imports '../governance/rules.ts' (server/governance/rules.ts): ledger may not",
      "server/ledger/tree.ts imports '../analytics/rows.ts' (server/analytics/rows.ts): ledger may not",
      "server/ledger/tree.ts imports '../delivery/outbox.ts' (server/delivery/outbox.ts): ledger may not",
    ])
  })

  test.each([
    ['contract/periods.ts', '../server/platform/clock.ts'],
    ['server/intake/record.ts', '../compliance/search.ts'],
    ['server/exports/csv.ts', '../simulate/plan.ts'],
    ['server/people/members.ts', '../app.ts'],
    ['server/platform/http.ts', '../../test/source-tree.ts'],
    ['server/platform/http.ts', './http.test.ts'],
    ['server/main.ts', '../web/pages/home.tsx'],
    ['web/pages/home.tsx', '../../server/platform/http.ts'],
    ['server/analytics/query.ts', '../helpers.ts'],
  ])('refuse that %s imports %s', async (path, specifier) => {
    expect(againstTheLine(await checkout({ [path]: `import '${specifier}'` }))).toHaveLength(1)
  })

  test.each([
    ['server/platform/http.ts', '../../contract/routes.ts'],
    ['server/analytics/query.ts', './facts.ts'],
    ['server/delivery/outbox.ts', '../governance/findings.ts'],
    ['server/cli/serve.ts', '../main.ts'],
    ['server/demo.ts', './simulate/plan.ts'],
    ['web/pages/home.tsx', '../../contract/routes.ts'],
    ['server/platform/http.test.ts', '../delivery/outbox.ts'],
    ['bench/main.ts', '../server/app.ts'],
    ['contract/records.ts', 'zod'],
    ['server/cli.ts', '../package.json'],
  ])('allow that %s imports %s', async (path, specifier) => {
    expect(againstTheLine(await checkout({ [path]: `import '${specifier}'` }))).toEqual([])
  })

  test('refuse an import whose path is worked out at run time, and a file without a place', async () => {
    const sources = await checkout({
      'server/helpers/dates.ts': '',
      'server/intake/load.ts': `export const load = (name: string) => [import(name), import('./' + name), import(\`package-\${name}\`)]`,
    })
    expect(againstTheLine(sources)).toEqual([
      'server/helpers/dates.ts belongs to no part of the import line',
      "server/intake/load.ts imports 'import(name)' (a path worked out at run time): intake may not",
      "server/intake/load.ts imports 'import('./' + name)' (a path worked out at run time): intake may not",
    ])
  })

  test('show a circle as the way around it', async () => {
    const sources = await checkout({
      'contract/a.ts': "import './b.ts'",
      'contract/b.ts': "import './c.ts'",
      'contract/c.ts': "import './b.ts'; import './d.ts'",
      'contract/d.ts': '',
    })
    expect(circles(sources)).toEqual(['contract/b.ts → contract/c.ts → contract/b.ts'])
  })

  test('measure files and functions, but not the functions of tests', async () => {
    const body = (lines: number) => `{\n${'  work()\n'.repeat(lines - 2)}}`
    const sources = await checkout({
      'server/ledger/fits.ts': `function fits() ${body(60)}\n${'\n'.repeat(338)}// the last of 400 lines`,
      'server/ledger/long.ts': `\nexport const append = () => ${body(61)}`,
      'server/ledger/long.test.ts': `test('long', () => ${body(61)})`,
      'contract/huge.ts': '//\n'.repeat(401),
    })
    expect(tooLong(sources)).toEqual([
      'contract/huge.ts has 401 lines, more than 400',
      'server/ledger/long.ts:2 is a function of 61 lines, more than 60',
    ])
  })

  test('see every form of default export', async () => {
    const sources = await checkout({
      'contract/a.ts': 'export default 1',
      'contract/b.ts': 'export default function b() {}',
      'contract/c.ts': 'const c = 1\nexport { c as default }',
      'contract/d.ts': "export function d(e: string) { switch (e) { default: return 'export default' } }",
      'web/vite.config.ts': 'export default {}',
    })
    expect(defaultExports(sources)).toEqual(['contract/a.ts', 'contract/b.ts', 'contract/c.ts'])
  })
})
