import { Temporal } from 'temporal-polyfill'
import type { Context } from '../ledger/context.ts'
import { Refusal } from '../platform/refusal.ts'

/** What is sensitive asks for a sign-in no older than this. */
export const freshMinutes = 10

/**
 * Whether the person behind a request proved who they are a short while ago. Signing in again begins another session and ends
 * this one. Keys and the operator prove who they are with every request.
 */
export function recentlySignedIn({ ledger, actor, session }: Context, minutes = freshMinutes): boolean {
  if (actor.kind !== 'person') return true
  if (!session) return false
  const end = Temporal.Instant.from(session.startedAt).add({ minutes })
  return Temporal.Instant.compare(ledger.clock.now(), end) < 0
}

/** Refuses with `sign_in_again`, which a page answers by sending its reader to `/sign-in?next=…`. */
export function demandRecentSignIn(ctx: Context, minutes = freshMinutes): void {
  if (!recentlySignedIn(ctx, minutes))
    throw new Refusal('sign_in_again', `for this you must have signed in within the last ${minutes} minutes`)
}
