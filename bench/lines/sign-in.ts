import { argon2Sync, randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { z } from 'zod'
import type { Bench, Line, Row } from '../line.ts'
import { daybook, type Server } from '../support/daybook.ts'
import { freshServer } from '../support/fresh-server.ts'
import { median, percentile } from '../support/statistics.ts'

/** How long somebody with a password waits for the server, both halves together; nearly all of it is what makes guessing slow. */
export const signIn: Line = { name: 'sign-in', about: 'milliseconds of a sign-in with a password and a recovery code, both requests', run }

const password = 'many words nobody guesses'
const account = 'owner@localhost'

async function run(bench: Bench): Promise<Row[]> {
  const { server } = await freshServer(bench)
  const rounds = bench.quick ? 4 : 10
  const cookie = await comeByLink(server)
  await setPassword(server, cookie)
  const [ours, alone]: [number[], number[]] = [[], []]
  bench.say('signing in')
  for (let round = -1; round < rounds; round++) {
    const codes = await newCodes(server, cookie)
    await bench.quiet.during(async () => {
      for (const code of codes) {
        const taken = await timed(() => comeByPassword(server, code))
        const bare = await timed(async () => hashAlone())
        if (round < 0) continue
        ours.push(taken)
        alone.push(bare)
      }
    })
  }
  return [
    {
      ...{ name: 'sign-in, median', unit: 'ms', measured: median(ours), control: median(alone) },
      ...{ against: 'one argon2id of the same cost and nothing else', goal: null },
    },
    {
      name: 'sign-in, p95',
      unit: 'ms',
      measured: percentile(ours, 0.95),
      control: null,
      against: null,
      goal: { of: 'measured', atMost: 300 },
    },
  ]
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** The cost that the server's password hashes carry. */
function hashAlone(): void {
  argon2Sync('argon2id', { message: password, nonce: randomBytes(16), tagLength: 32, memory: 47_104, passes: 1, parallelism: 1 })
}

async function comeByLink(server: Server): Promise<string> {
  const made = z.object({ url: z.string() }).parse(JSON.parse(await daybook(server.data, ['person', 'link', '--email', account, '--json'])))
  const answer = await send(server, 'POST', new URL(made.url).pathname, {})
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}

async function setPassword(server: Server, cookie: string): Promise<void> {
  const begun = await send(server, 'POST', '/api/account/totp', { cookie })
  const { setup, secret } = z.object({ setup: z.string(), secret: z.string() }).parse(await begun.json())
  const code = TOTP.generate({ secret: Secret.fromBase32(secret) })
  await send(server, 'PUT', '/api/account/password', { cookie }, JSON.stringify({ password, setup, code }))
}

async function newCodes(server: Server, cookie: string): Promise<string[]> {
  const answer = await send(server, 'POST', '/api/account/recovery-codes', { cookie })
  return z.object({ recovery_codes: z.array(z.string()) }).parse(await answer.json()).recovery_codes
}

async function comeByPassword(server: Server, code: string): Promise<void> {
  const page = await send(server, 'POST', '/sign-in/password', {}, new URLSearchParams({ email: account, password }))
  const step = /name="step" value="([\w-]+)"/.exec(await page.text())?.[1] ?? ''
  await send(server, 'POST', '/sign-in/code', {}, new URLSearchParams({ step, code }))
}

async function send(server: Server, method: string, path: string, headers: Record<string, string>, body?: string | URLSearchParams) {
  const type: Record<string, string> = typeof body === 'string' ? { 'content-type': 'application/json' } : {}
  const all = { ...headers, ...type, 'sec-fetch-site': 'same-origin' }
  const answer = await fetch(server.url + path, { method, headers: all, redirect: 'manual', ...(body === undefined ? {} : { body }) })
  if (answer.status >= 400) throw new Error(`${method} ${path} was answered ${answer.status}: ${(await answer.text()).slice(0, 500)}`)
  return answer
}
