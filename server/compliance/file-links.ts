import type { Context, Ledger } from '../ledger/context.ts'
import { hmac, sameBytes } from '../platform/crypto.ts'

/**
 * Links to file bytes that work for one hour and without a header, as the provider's do. A link names numbers and the key that asked
 * for it, signed; nothing in it tells what the file is. It reads as that key reads, and ends when the key does. One that was made for
 * a person in a browser names their session, and works in that session alone.
 */
export interface FileLink {
  readonly workspace: number
  /** Item number. */
  readonly file: number
  /** Unix seconds. */
  readonly expires: number
  readonly key: string
}

const sessionMark = 'session-'

/** The session that a link is for; null: it is for a key. */
export function sessionOfLink({ key }: FileLink): string | null {
  return key.startsWith(sessionMark) ? key.slice(sessionMark.length) : null
}

const livesSeconds = 3600

/** Where a link is for: the public origin of this server, and the workspace. */
export interface LinkPlace {
  readonly origin: string
  readonly workspace: number
}

export function linkTo(ctx: Context, { origin, workspace }: LinkPlace, file: number): string {
  const expires = Math.floor(ctx.ledger.clock.now().epochMilliseconds / 1000) + livesSeconds
  const holder = ctx.session ? `${sessionMark}${ctx.session.id}` : ctx.actor.id
  const text = [workspace, file, expires, holder].join('.')
  return `${origin}/v1/compliance/files/${text}.${signature(ctx.ledger, text)}`
}

/** What a link says; null when it was not made here, was changed, or is over. */
export function readLink(ledger: Ledger, token: string): FileLink | null {
  const at = token.lastIndexOf('.')
  const text = token.slice(0, Math.max(0, at))
  if (!sameBytes(Buffer.from(signature(ledger, text)), Buffer.from(token.slice(at + 1)))) return null
  const [workspace = '', file = '', expires = '', key = ''] = text.split('.')
  const link = { workspace: Number(workspace), file: Number(file), expires: Number(expires), key }
  return link.expires * 1000 > ledger.clock.now().epochMilliseconds ? link : null
}

function signature(ledger: Ledger, text: string): string {
  return hmac(ledger.master.pepper, 'file-link\0', `${ledger.organization.number}.${text}`).toString('base64url')
}
