import { Follower } from './analytics/follow.ts'
import { buildApp } from './app.ts'
import { simulationProgress } from './cli/simulation-progress.ts'
import { Indexer } from './compliance/index-follow.ts'
import { forgetOldPositions } from './compliance/page-position.ts'
import { type DemoCompany, loadSample, loadSimulated, makeDemoKeys } from './demo.ts'
import type { Ledger } from './ledger/context.ts'
import { openLedger } from './ledger/open.ts'
import { removeReleasedBlobs } from './ledger/released-blobs.ts'
import { ensureFirstOwner } from './people/members.ts'
import { createSignInLink } from './people/sign-in.ts'
import { putOffSecuring } from './people/sign-in-ways.ts'
import { listWorkspaces } from './people/workspaces.ts'
import type { Config } from './platform/config.ts'
import { replaceDurably } from './platform/durable-file.ts'
import { OperatorError } from './platform/refusal.ts'
import { takeServerLock } from './server-lock.ts'

export interface ServerOptions {
  readonly config: Config
  readonly readyFile: string | null
  /** The company of a demo, or null where it is none. */
  readonly demo: DemoCompany | null
}

/** What the ready file holds; `keys` in the demo only. */
interface Ready {
  url: string
  sign_in_url: string
  organization_id: string
  workspaces: { id: string; name: string; kind: string }[]
  keys?: Record<string, string>
}

/** A stop that takes longer than this is ended: what was acknowledged is durable, and what was not will be sent again. */
const stopLimit = 9000
const hourly = 3_600_000

/** Runs the server until it is told to stop; resolves when everything is closed. */
export async function runServer({ config, readyFile, demo }: ServerOptions): Promise<void> {
  const stopped = stopSignal()
  const ledger = await openLedger(config)
  try {
    const release = await takeServerLock(ledger, stopped.fail)
    try {
      await serve(ledger, readyFile, demo, stopped.promise)
    } finally {
      await release()
    }
  } finally {
    await ledger.close()
  }
}

async function serve(ledger: Ledger, readyFile: string | null, demo: DemoCompany | null, stopped: Promise<void>): Promise<void> {
  const { config, log } = ledger
  const owner = await ensureFirstOwner(ledger)
  await removeReleasedBlobs(ledger)
  const app = await buildApp(ledger)
  if (demo) {
    await loadSample(ledger)
    await loadSimulated(ledger, demo, simulationProgress)
  }
  // A demo is looked at, not lived in: its owner comes in by the link each time.
  if (demo) await putOffSecuring(ledger, owner.id)
  const keys = demo ? await makeDemoKeys(ledger) : null
  await ledger.facts.start()
  const follower = new Follower(ledger)
  const indexer = new Indexer(ledger)
  if (demo) await follower.catchUp()
  await app.listen({ host: config.host, port: config.port }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error
    throw new OperatorError(`port ${config.port} on ${config.host} is taken: stop what uses it or set DAYBOOK_PORT`)
  })
  const address = app.server.address()
  const url = config.url ?? originOf(config, typeof address === 'object' && address ? address.port : config.port)
  const ready: Ready = {
    url,
    sign_in_url: await createSignInLink(ledger, owner.id, url),
    organization_id: ledger.organization.id,
    workspaces: (await listWorkspaces(ledger)).map(({ id, name, kind }) => ({ id, name, kind })),
    ...(keys ? { keys } : {}),
  }
  const housekeeping = setInterval(
    () => forgetOldPositions({ ledger }).catch((err: unknown) => log.error({ event: 'housekeeping', err })),
    hourly,
  )
  if (config.masterKeyIsDefault)
    log.warn({ event: 'default-master-key', hint: 'the master key lies beside the data it protects; set DAYBOOK_MASTER_KEY_FILE' })
  process.stderr.write(readyBlock(ready))
  if (readyFile !== null) replaceDurably(readyFile, `${JSON.stringify(ready, null, 1)}\n`, 0o600)
  follower.start()
  indexer.start()
  try {
    await stopped
  } finally {
    clearInterval(housekeeping)
    setTimeout(() => process.exit(1), stopLimit).unref()
    await Promise.all([app.close(), follower.stop(), indexer.stop()])
  }
}

/**
 * Resolves at the first SIGTERM or SIGINT; rejects when the server may not go on. Further ones change nothing: a terminal interrupts npm and us,
 * npm passes it on, and stopping ends by itself.
 */
function stopSignal(): { promise: Promise<void>; fail: (reason: Error) => void } {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  promise.catch(() => undefined)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve())
  return { promise, fail: reject }
}

export function originOf(config: Config, port: number): string {
  const host = config.host.includes(':') ? `[${config.host}]` : config.host
  return `${config.tls ? 'https' : 'http'}://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`
}

function readyBlock({ url, sign_in_url, workspaces, keys }: Ready): string {
  const list = workspaces.map(({ id, name, kind }) => `    ${id}  ${name} (${kind})`)
  const first = workspaces[0]?.id
  const tries =
    keys && first
      ? [`curl -H "Authorization: Bearer ${keys.compliance}" "${url}/v1/compliance/workspaces/${first}/conversations?limit=2"`]
      : ['npx daybook workspace create --name "My company"', 'npx daybook import chatgpt-export export.zip --workspace "My company"']
  return [
    '',
    `  Daybook is ready at ${url}`,
    `  Sign in (once, within 15 minutes): ${sign_in_url}`,
    ...(list.length > 0 ? ['  Workspaces', ...list] : ['  No workspace yet.']),
    ...(keys ? ['  Keys (they end in a day)', ...Object.entries(keys).map(([name, key]) => `    ${name.padEnd(18)} ${key}`)] : []),
    '  Try',
    ...tries.map((line) => `    ${line}`),
    `  API description: ${url}/api/docs`,
    '',
    '',
  ].join('\n')
}
