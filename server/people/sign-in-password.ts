import type pg from 'pg'
import { z } from 'zod'
import type { Ledger } from '../ledger/context.ts'
import { transaction } from '../ledger/writer.ts'
import { Refusal } from '../platform/refusal.ts'
import { type Bucket, bucketsOf, takeBack, takeTry, timesToRecord } from './lockout.ts'
import { isPassword } from './password-hash.ts'
import { looksLikeRecoveryCode, spendRecoveryCode } from './recovery.ts'
import { openStep, sealStep, spend } from './sealed-step.ts'
import type { Person, Visit } from './session.ts'
import { type Attempt, begin, type MemberRow, personOfRow, recordDenied, type SignedIn } from './sign-in-begin.ts'
import { deviceOf } from './sign-in-device.ts'
import { spendCode } from './totp.ts'

/** A visit by somebody whose browser may have been here before. */
export interface PasswordVisit extends Visit {
  readonly deviceCookie: string | null
}

const codePurpose = 'password-was-right'
const codeMinutes = 5
const step = z.object({ member: z.string() })

/** The same words and the same time whether the account is known or not. */
const wrong = () => new Refusal('unauthenticated', 'this address and this password do not belong together')
const wrongCode = () => new Refusal('unauthenticated', 'this code is wrong, or was used already: wait for the next one')
const over = () => new Refusal('gone', 'that took too long: begin again with the password')

/** The first half of a sign-in by password. Returns what has to come back with the code. */
export async function checkSignInPassword(
  ledger: Ledger,
  visit: PasswordVisit,
  { email, password }: { email: string; password: string },
): Promise<string> {
  const row = await accountWith(ledger, email)
  const person = row && personOfRow(row)
  const attempt: Attempt = { way: 'password' }
  const device = deviceOf(ledger, visit.deviceCookie, row?.id ?? null)
  const buckets = bucketsOf('password', email, { address: visit.address, device })
  await demandTry(ledger, visit, attempt, person, buckets)
  const usable = row?.deactivated_at === null ? row.hash : null
  if (!(await isPassword(ledger, password, usable))) {
    await recordDenied(ledger, visit, { person, attempt, reason: person ? reasonOf(row) : 'unknown account' })
    throw wrong()
  }
  await takeBack(ledger, buckets)
  return sealStep(ledger, codePurpose, codeMinutes, { member: row?.id })
}

function reasonOf(row: AccountRow | undefined): string {
  if (row?.deactivated_at) return 'deactivated member'
  return row?.hash ? 'wrong password' : 'member without a password'
}

/** The second half: a code of the app, or a recovery code. */
export async function signInWithCode(
  ledger: Ledger,
  visit: PasswordVisit,
  { sealed, code }: { sealed: string; code: string },
): Promise<SignedIn> {
  const known = openStep(ledger, codePurpose, sealed, step)
  const row = known && (await accountOf(ledger, known.about.member))
  if (!known || !row || row.deactivated_at !== null) throw over()
  const person = personOfRow(row)
  const recovery = looksLikeRecoveryCode(code)
  const attempt: Attempt = { way: 'password', factor: recovery ? 'recovery code' : 'code' }
  const device = deviceOf(ledger, visit.deviceCookie, row.id)
  const buckets = bucketsOf('code', row.id, { address: visit.address, device })
  await demandTry(ledger, visit, attempt, person, buckets)
  const started = await transaction(ledger.database.writes, async (tx) => {
    if (!(await isRight(tx, ledger, row.id, { code, recovery }))) return null
    return (await spend(tx, ledger, known.id, known.until)) ? begin(tx, ledger, visit, { person, attempt }) : null
  })
  if (!started) {
    await recordDenied(ledger, visit, { person, attempt, reason: 'wrong code' })
    throw wrongCode()
  }
  await takeBack(ledger, buckets)
  return started
}

function isRight(tx: pg.ClientBase, ledger: Ledger, member: string, { code, recovery }: { code: string; recovery: boolean }) {
  if (recovery) return spendRecoveryCode(tx, ledger, member, code)
  const digits = code.replaceAll(/\s/g, '')
  return /^\d{6}$/.test(digits) ? spendCode(tx, ledger, member, digits) : Promise.resolve(false)
}

/** Takes a try or says how long to wait. What is held up leaves an entry when it begins and at every doubling: it may be a flood. */
async function demandTry(ledger: Ledger, visit: Visit, attempt: Attempt, person: Person | null, buckets: readonly Bucket[]): Promise<void> {
  const wait = await takeTry(ledger, buckets)
  if (wait === 0) return
  const times = await timesToRecord(ledger, 'held up', visit.address)
  if (times !== null) await recordDenied(ledger, visit, { person, attempt, reason: 'too many tries', times })
  throw new Refusal('too_many', `there were too many tries from here: wait ${waitWords(wait)}, or come in another way`, {
    retryAfter: wait,
  })
}

function waitWords(seconds: number): string {
  if (seconds < 90) return seconds === 1 ? 'a second' : `${seconds} seconds`
  return `${Math.ceil(seconds / 60)} minutes`
}

interface AccountRow extends MemberRow {
  deactivated_at: string | null
  hash: string | null
}

async function accountWith(ledger: Ledger, email: string): Promise<AccountRow | null> {
  const found = await accounts(ledger)
    .where((where) => where(where.fn<string>('lower', ['m.email']), '=', email.trim().toLowerCase()))
    .executeTakeFirst()
  return found ?? null
}

async function accountOf(ledger: Ledger, member: string): Promise<AccountRow | null> {
  return (await accounts(ledger).where('m.id', '=', member).executeTakeFirst()) ?? null
}

function accounts(ledger: Ledger) {
  return ledger.database.reader
    .selectFrom('member as m')
    .leftJoin('password as p', (join) => join.onRef('p.organization_id', '=', 'm.organization_id').onRef('p.member_id', '=', 'm.id'))
    .select(['m.id', 'm.email', 'm.roles', 'm.workspace_id', 'm.deactivated_at', 'p.hash'])
    .where('m.organization_id', '=', ledger.organization.number)
}
