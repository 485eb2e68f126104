import { type AuthenticationResponseJSON, generateAuthenticationOptions, verifyAuthenticationResponse } from '@simplewebauthn/server'
import { z } from 'zod'
import type { PasskeyOptions } from '../../contract/account.ts'
import type { Ledger } from '../ledger/context.ts'
import { transaction } from '../ledger/writer.ts'
import { Refusal } from '../platform/refusal.ts'
import { timesToRecord } from './lockout.ts'
import type { Site } from './passkey.ts'
import { openStep, sealStep, spend } from './sealed-step.ts'
import type { Visit } from './session.ts'
import { type Attempt, begin, type MemberRow, personOfRow, recordDenied, type SignedIn } from './sign-in-begin.ts'

const purpose = 'passkey-sign-in'
const minutes = 5
const challenge = z.object({ challenge: z.string() })
const attempt: Attempt = { way: 'passkey' }
const answered = z.looseObject({ id: z.string().max(2000) })

/** What the browser needs to ask for any passkey that it has for this address. */
export async function passkeySignInOptions(ledger: Ledger, { host }: Site): Promise<PasskeyOptions> {
  const options = await generateAuthenticationOptions({ rpID: host, userVerification: 'required' })
  return { options: { ...options }, step: sealStep(ledger, purpose, minutes, { challenge: options.challenge }) }
}

/** Lets the owner of a passkey in. Nothing here is slowed down by anybody's failures: a passkey cannot be guessed. */
export async function signInWithPasskey(
  ledger: Ledger,
  visit: Visit,
  site: Site,
  { step, response }: { step: string; response: Record<string, unknown> },
): Promise<SignedIn> {
  const known = openStep(ledger, purpose, step, challenge)
  if (!known) throw new Refusal('gone', 'that took too long: try again')
  const id = answered.safeParse(response).data?.id
  const row = id === undefined ? undefined : await findPasskey(ledger, id)
  if (!row) return refuse(ledger, visit, null, 'unknown passkey')
  if (row.deactivated_at !== null) return refuse(ledger, visit, row, 'deactivated member')
  const counter = await verified(response, known.about.challenge, site, row)
  if (counter === null) return refuse(ledger, visit, row, 'wrong passkey')
  const started = await transaction(ledger.database.writes, async (tx) => {
    if (!(await spend(tx, ledger, known.id, known.until))) return null
    const used = await tx.query('update passkey set counter = $3, last_used_at = $4 where organization_id = $1 and credential = $2', [
      ...[ledger.organization.number, row.credential, counter, ledger.clock.now().toString()],
    ])
    return used.rowCount === 1 ? begin(tx, ledger, visit, { person: personOfRow(row), attempt }) : null
  })
  return started ?? refuse(ledger, visit, row, 'used step')
}

/** The same answer for every reason: whether a passkey is known is nobody's business. */
async function refuse(ledger: Ledger, visit: Visit, row: MemberRow | null, reason: string): Promise<never> {
  const times = await timesToRecord(ledger, 'passkey', visit.address)
  const person = row && personOfRow(row)
  if (times !== null) await recordDenied(ledger, visit, { person, attempt, reason, times })
  throw new Refusal('unauthenticated', 'this passkey does not sign in here: it may have been removed from the account')
}

type PasskeyRow = NonNullable<Awaited<ReturnType<typeof findPasskey>>>

function findPasskey(ledger: Ledger, credential: string) {
  return ledger.database.reader
    .selectFrom('passkey as p')
    .innerJoin('member as m', (join) => join.onRef('m.organization_id', '=', 'p.organization_id').onRef('m.id', '=', 'p.member_id'))
    .select(['m.id', 'm.email', 'm.roles', 'm.workspace_id', 'm.deactivated_at'])
    .select(['p.credential', 'p.public_key', 'p.counter', 'p.transports'])
    .where('p.organization_id', '=', ledger.organization.number)
    .where('p.credential', '=', credential)
    .executeTakeFirst()
}

/** The counter of the authenticator when it is the right one; null when it is not, or when a copy of it was used in between. */
async function verified(response: Record<string, unknown>, expectedChallenge: string, { origin, host }: Site, row: PasskeyRow) {
  try {
    const { verified: right, authenticationInfo } = await verifyAuthenticationResponse({
      // The library reads it field by field and throws at what does not fit.
      response: response as unknown as AuthenticationResponseJSON,
      expectedChallenge,
      expectedOrigin: origin,
      expectedRPID: host,
      requireUserVerification: true,
      credential: {
        ...{ id: row.credential, publicKey: new Uint8Array(row.public_key), counter: row.counter, transports: row.transports },
      },
    })
    return right ? authenticationInfo.newCounter : null
  } catch {
    return null
  }
}
