import { createSecretKey } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import type pg from 'pg'
import { renderSVG } from 'uqr'
import { z } from 'zod'
import type { TotpSetup } from '../../contract/account.ts'
import type { Ledger } from '../ledger/context.ts'
import { hmac, unwrap, wrap } from '../platform/crypto.ts'
import { Refusal } from '../platform/refusal.ts'
import { openStep, sealStep } from './sealed-step.ts'

/** RFC 6238 as every app understands it: SHA-1, six digits, thirty seconds. */
const period = 30
const parameters = { issuer: 'Daybook', algorithm: 'SHA1', digits: 6, period }

const setupPurpose = 'totp-setup'
const setupMinutes = 15

/** A new secret to put into an app. It counts once its first code comes back with it; until then the browser alone has it, sealed. */
export function newTotp(ledger: Ledger, person: { id: string; name: string }): TotpSetup {
  const secret = new Secret({ size: 20 })
  return shown(person, secret, sealStep(ledger, setupPurpose, setupMinutes, { member: person.id, secret: secret.base32 }))
}

/** A set-up under way once more, so that nobody points their phone at another picture after a slip; null: it is over. */
export function shownSetup(ledger: Ledger, person: { id: string; name: string }, setup: string): TotpSetup | null {
  const step = openStep(ledger, setupPurpose, setup, about)
  return step?.about.member === person.id ? shown(person, Secret.fromBase32(step.about.secret), setup) : null
}

function shown({ name }: { name: string }, secret: Secret, setup: string): TotpSetup {
  const uri = new TOTP({ ...parameters, label: name, secret }).toString()
  return { setup, secret: secret.base32, uri, qr: renderSVG(uri, { ecc: 'M', border: 2 }) }
}

const about = z.object({ member: z.string(), secret: z.string() })

/** The secret of a set-up whose code is right, sealed for the database, with the time step of that code. */
export function finishedSetup(
  ledger: Ledger,
  member: string,
  { setup, code }: { setup: string; code: string },
): { secret: Buffer; step: number } {
  const step = openStep(ledger, setupPurpose, setup, about)
  if (step?.about.member !== member) throw new Refusal('gone', 'this set-up is over or was not copied whole: begin it anew')
  const found = stepOf(ledger, Secret.fromBase32(step.about.secret), code)
  if (found === null) throw wrongFirstCode()
  return { secret: wrap(keyOf(ledger), Buffer.from(step.about.secret), `totp\0${member}`), step: found }
}

const wrongFirstCode = () =>
  new Refusal('bad_request', 'this is not the code that the app shows now: see that the clocks of the phone and of this server agree', {
    param: 'code',
  })

/** Uses a code up: whether it is right, and neither it nor a later one was used before. */
export async function spendCode(tx: pg.ClientBase, ledger: Ledger, member: string, code: string): Promise<boolean> {
  const organization = ledger.organization.number
  const { rows } = await tx.query<{ totp_secret: Buffer }>(
    'select totp_secret from password where organization_id = $1 and member_id = $2 for update',
    [organization, member],
  )
  const [row] = rows
  if (!row) return false
  const secret = unwrap(keyOf(ledger), row.totp_secret, `totp\0${member}`).toString('utf8')
  const step = stepOf(ledger, Secret.fromBase32(secret), code)
  if (step === null) return false
  const used = await tx.query('update password set totp_step = $3 where organization_id = $1 and member_id = $2 and totp_step < $3', [
    ...[organization, member, step],
  ])
  return used.rowCount === 1
}

/** The time step a code belongs to: this one, the one before or the one after; null: none of them. */
function stepOf({ clock }: Ledger, secret: Secret, code: string): number | null {
  const timestamp = clock.now().epochMilliseconds
  const delta = TOTP.validate({ ...parameters, secret, token: code, timestamp, window: 1 })
  return delta === null ? null : TOTP.counter({ period, timestamp }) + delta
}

const keyOf = ({ master }: Ledger) => createSecretKey(hmac(master.pepper, 'totp'))
