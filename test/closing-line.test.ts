import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'

const here = dirname(fileURLToPath(import.meta.url))
const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** Runs test files (name to source) by themselves, as `npm test` would, and returns the exit code and the last line. */
function run(files: Record<string, string>): { code: number | null; last: string | undefined } {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-closing-line-'))
  folders.push(folder)
  symlinkSync(join(dirname(here), 'node_modules'), join(folder, 'node_modules'))
  const closingLine = JSON.stringify(join(here, 'closing-line.ts'))
  const config = `import { ClosingLine } from ${closingLine}
    export default { test: { pool: 'forks', maxWorkers: 1, reporters: ['default', new ClosingLine()] } }`
  for (const [name, source] of Object.entries({ 'vitest.config.ts': config, ...files })) writeFileSync(join(folder, name), source)
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')))
  const child = spawnSync(process.execPath, [join(here, 'run.ts'), 'run', '--root', folder], { env, encoding: 'utf8', cwd: folder })
  return { code: child.status, last: child.stdout.trimEnd().split('\n').at(-1) }
}

const two = `import { test } from 'vitest'; test('one', () => {}); test('two', () => {})`

test('when all tests pass the last line says so and nothing about skipping', () => {
  expect(run({ 'a.test.ts': two, 'b.test.ts': two })).toEqual({ code: 0, last: '4 passed, 0 failed' })
})

test('a failed test is counted and fails the run', () => {
  const one = `import { test } from 'vitest'; test('good', () => {}); test('bad', () => { throw new Error('no') })`
  expect(run({ 'a.test.ts': one })).toEqual({ code: 1, last: '1 passed, 1 failed' })
})

test('skipped and unwritten tests are counted apart', () => {
  const three = `import { test } from 'vitest'; test('good', () => {}); test.skip('later', () => {}); test.todo('some day')`
  expect(run({ 'a.test.ts': three })).toEqual({ code: 0, last: '1 passed, 0 failed, 2 skipped' })
})

test('a failed beforeAll hook counts as a failure although no test ran', () => {
  const hook = `import { beforeAll, test } from 'vitest'; beforeAll(() => { throw new Error('no database') }); test('one', () => {})`
  expect(run({ 'a.test.ts': hook })).toEqual({ code: 1, last: '0 passed, 1 failed, 1 skipped' })
})

test('a failed afterAll hook inside a group counts although every test passed', () => {
  const hook = `import { afterAll, describe, test } from 'vitest'
    describe('group', () => { afterAll(() => { throw new Error('leak') }); test('one', () => {}) })`
  expect(run({ 'a.test.ts': hook })).toEqual({ code: 1, last: '1 passed, 1 failed' })
})

test('a hook that fails beside a failed test is counted too', () => {
  const both = `import { afterAll, describe, test } from 'vitest'
    describe('group', () => { afterAll(() => { throw new Error('leak') }); test('one', () => { throw new Error('no') }) })`
  expect(run({ 'a.test.ts': both })).toEqual({ code: 1, last: '0 passed, 2 failed' })
})

test('a file whose import is broken counts as a failure beside those that run', () => {
  const broken = `import './nowhere.ts'; import { test } from 'vitest'; test('one', () => {})`
  expect(run({ 'a.test.ts': two, 'b.test.ts': broken })).toEqual({ code: 1, last: '2 passed, 1 failed' })
})

test('an error that no test caught counts as a failure', () => {
  const stray = `import { test } from 'vitest'; test('one', async () => {
    void Promise.reject(new Error('stray')); await new Promise((done) => setTimeout(done, 50)) })`
  expect(run({ 'a.test.ts': stray })).toEqual({ code: 1, last: '1 passed, 1 failed' })
})

test('a run that finds no test at all has failed', () => {
  expect(run({})).toEqual({ code: 1, last: '0 passed, 1 failed' })
})

test('a run that cannot read its configuration has failed', () => {
  expect(run({ 'vitest.config.ts': 'export default {', 'a.test.ts': two })).toEqual({ code: 1, last: '0 passed, 1 failed' })
})

test('a process killed by a test does not take the closing line with it', () => {
  const crash = `import { test } from 'vitest'; test('one', () => { process.kill(process.pid, 'SIGKILL') })`
  expect(run({ 'a.test.ts': crash, 'b.test.ts': two })).toMatchObject({ code: 1, last: expect.stringMatching(/^2 passed, [1-9] failed/) })
})
