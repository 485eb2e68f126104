import { type Argon2Parameters, argon2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import type { Ledger } from '../ledger/context.ts'
import { hmac, sameBytes } from '../platform/crypto.ts'
import { Refusal } from '../platform/refusal.ts'

/** OWASP's first choice, 46 MiB and one pass: 45 ms of a quiet core here, so that a sign-in stays under 300 ms on a busy one. It stands in the hash: it can grow. */
const cost = { memory: 47_104, passes: 1, parallelism: 1 }
const tagLength = 32

/** Each takes 46 MiB and a core; more at once would starve everything else, and a long queue is an attack. */
const atOnce = 2
const mostWaiting = 64

const derive = promisify(argon2)
/** The form that is kept. The pepper is mixed in, so the hash is worth nothing without the master key. */
export async function hashPassword(ledger: Ledger, password: string): Promise<string> {
  const nonce = randomBytes(16)
  const tag = await inTurn(() => tagOf(ledger, password, nonce, cost))
  return `argon2id$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${nonce.toString('base64url')}$${tag.toString('base64url')}`
}

/** Whether it is this password. null, for an account that has none, takes as long and is never right. */
export async function isPassword(ledger: Ledger, password: string, hash: string | null): Promise<boolean> {
  const { nonce, tag, ...parameters } = partsOf(hash ?? standIn)
  const found = await inTurn(() => tagOf(ledger, password, nonce, parameters))
  return sameBytes(found, tag) && hash !== null
}

function partsOf(hash: string): typeof cost & { nonce: Buffer; tag: Buffer } {
  const [, memory, passes, parallelism, nonce, tag] = /^argon2id\$m=(\d+),t=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/.exec(hash) ?? []
  if (nonce === undefined || tag === undefined) throw new Error('a stored password has a form that this Daybook does not read')
  const bytes = { nonce: Buffer.from(nonce, 'base64url'), tag: Buffer.from(tag, 'base64url') }
  return { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism), ...bytes }
}

const standIn = `argon2id$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${Buffer.alloc(16).toString('base64url')}$${Buffer.alloc(tagLength).toString('base64url')}`

/** One text can be typed in more than one way: NFC, as RFC 8265 wants it. */
function tagOf(ledger: Ledger, password: string, nonce: Buffer, parameters: typeof cost): Promise<Buffer> {
  const secret = hmac(ledger.master.pepper, 'password')
  const all: Argon2Parameters = { message: password.normalize('NFC'), nonce, tagLength, secret, ...parameters }
  return derive('argon2id', all)
}

let running = 0
const waiting: (() => void)[] = []

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (waiting.length >= mostWaiting) throw new Refusal('overloaded', 'too many people sign in at this moment', { retryAfter: 5 })
  if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve))
  else running++
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}
