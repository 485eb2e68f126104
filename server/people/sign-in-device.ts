import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Ledger } from '../ledger/context.ts'
import { openStep, sealStep } from './sealed-step.ts'

const purpose = 'device'
const days = 180
const about = z.object({ member: z.string(), device: z.string() })

/** How long a browser is remembered as one that its owner has signed in with. */
export const deviceSeconds = days * 86_400

/** Goes into a cookie when somebody has come in with a password: from then on strangers' guesses do not hold this browser up. */
export function newDevice(ledger: Ledger, member: string): string {
  return sealStep(ledger, purpose, days * 24 * 60, { member, device: randomUUID() })
}

/** The id of a browser that this member has signed in with; null for any other. */
export function deviceOf(ledger: Ledger, cookie: string | null, member: string | null): string | null {
  const known = cookie === null ? null : openStep(ledger, purpose, cookie, about)?.about
  return known && known.member === member ? known.device : null
}
