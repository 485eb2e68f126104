import { createHash, randomUUID } from 'node:crypto'
import { canonicalText } from './canonical.ts'
import type { Context } from './context.ts'
import { type Entry, ownSource, seal } from './entry.ts'
import { merkleRoot } from './merkle.ts'

/** What was read or changed, without a word of content: identifiers, counts and parameters that are none. */
export interface Trace {
  /** `noun.verb`, such as `conversations.list`. */
  readonly action: string
  readonly workspace: { readonly number: number; readonly id: string } | null
  /** Parameters of the request that hold no content. */
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | null>>
  /** What was searched for: in the sealed entry for those who may read the record, and not in what the access record shows. */
  readonly words?: string
  /** Ids of what was handed out or changed. */
  readonly ids?: readonly string[]
  readonly outcome: 'allowed' | 'denied'
  /** Why it was denied. */
  readonly reason?: string
}

/** Up to this many ids stand in the entry itself; beyond it their Merkle root does, so that a claim about them can still be checked. */
const idsInFull = 100

/** The log entry that says who did what; `access` for reads, `change` for changes, denied or allowed. */
export function traceEntry(ctx: Context, kind: 'access' | 'change', trace: Trace): Entry {
  const id = randomUUID()
  const at = ctx.ledger.clock.now().toString()
  const { actor } = ctx
  const ids = trace.ids ?? []
  const record = {
    kind,
    id,
    source: ownSource,
    workspace_id: trace.workspace?.id,
    action: trace.action,
    outcome: trace.outcome,
    reason: trace.reason,
    actor: { kind: actor.kind, id: actor.id, name: actor.name },
    address: ctx.address ?? undefined,
    user_agent: ctx.userAgent,
    request_id: ctx.requestId,
    occurred_at: at,
    query: trace.query,
    words: trace.words,
    count: ids.length,
    ids: ids.length <= idsInFull ? ids : undefined,
    ids_root: ids.length > idsInFull ? merkleRoot(ids.map((one) => Buffer.from(one))).toString('base64') : undefined,
  }
  const sealed = seal(ctx.ledger.organization.keys, Buffer.from(canonicalText(record)))
  return { workspace: trace.workspace?.number ?? null, source: ownSource, kind, id, occurredAt: at, ahead: false, sealed }
}

/** Commits the entry of a read. Content leaves only after this. */
export async function recordAccess(ctx: Context, trace: Trace): Promise<void> {
  await ctx.ledger.writer.record([traceEntry(ctx, 'access', trace)])
}

/** A short stand-in for something too long or too telling to be written down. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16)
}
