import type pg from 'pg'
import { z } from 'zod'
import { newPassword, newTotp, type RecoveryCodes } from '../../contract/account.ts'
import type { Context, Ledger } from '../ledger/context.ts'
import { Refusal } from '../platform/refusal.ts'
import { accountChange } from './account-change.ts'
import { isCommon } from './password-common.ts'
import { hashPassword } from './password-hash.ts'
import { newRecoveryCodes } from './recovery.ts'
import type { Person } from './session.ts'
import { demandWayLeft } from './sign-in-ways.ts'
import { finishedSetup } from './totp.ts'

/** Sets a password: the first one together with an app for codes, a later one alone. The first brings recovery codes. */
export const setPassword = accountChange({
  action: 'password.set',
  input: newPassword,
  async prepare({ ledger }, person, { password, setup, code }) {
    checkPassword(password, person)
    const totp = setup === undefined || code === undefined ? null : finishedSetup(ledger, person.id, { setup, code })
    return { hash: await hashPassword(ledger, password), totp }
  },
  async run(tx, ctx, person, { hash, totp }): Promise<{ query: { first: boolean }; result: RecoveryCodes }> {
    const { ledger } = ctx
    const changed = await tx.query('update password set hash = $3, changed_at = $4 where organization_id = $1 and member_id = $2', [
      ...[ledger.organization.number, person.id, hash, ledger.clock.now().toString()],
    ])
    if (changed.rowCount === 1) {
      await endOthers(tx, ctx, person)
      return { query: { first: false }, result: { recovery_codes: null } }
    }
    if (!totp) throw new Refusal('bad_request', 'a first password needs an app for codes: send setup and code with it', { param: 'setup' })
    await tx.query(
      'insert into password (organization_id, member_id, hash, changed_at, totp_secret, totp_step) values ($1, $2, $3, $4, $5, $6)',
      [ledger.organization.number, person.id, hash, ledger.clock.now().toString(), totp.secret, totp.step],
    )
    return { query: { first: true }, result: { recovery_codes: await newRecoveryCodes(tx, ledger, person.id) } }
  },
})

function checkPassword(password: string, { name }: Person): void {
  if (!isCommon(password) && password.toLowerCase() !== name.toLowerCase()) return
  throw new Refusal('bad_request', 'this password is among the first that anybody would try: take another one', { param: 'password' })
}

/** Whoever knew the old password may be in with it. */
async function endOthers(tx: pg.ClientBase, { ledger, session }: Context, person: Person): Promise<void> {
  await tx.query('delete from session where organization_id = $1 and member_id = $2 and id is distinct from $3', [
    ...[ledger.organization.number, person.id, session?.id ?? null],
  ])
}

/** Puts another app in place of the one that shows the codes. */
export const setTotp = accountChange({
  action: 'totp.set',
  input: newTotp,
  prepare: async ({ ledger }, person, { setup, code }) => finishedSetup(ledger, person.id, { setup, code }),
  async run(tx, { ledger }, person, { secret, step }) {
    const changed = await tx.query('update password set totp_secret = $3, totp_step = $4 where organization_id = $1 and member_id = $2', [
      ...[ledger.organization.number, person.id, secret, step],
    ])
    if (changed.rowCount === 0) throw new Refusal('conflict', 'codes go with a password, and there is none')
    return { result: { done: true as const } }
  },
})

/** Takes the password away, with its codes of both kinds. */
export const removePassword = accountChange({
  action: 'password.remove',
  input: z.object({}),
  prepare: async () => null,
  async run(tx, { ledger }, person) {
    const values = [ledger.organization.number, person.id]
    const removed = await tx.query('delete from password where organization_id = $1 and member_id = $2', values)
    if (removed.rowCount === 0) throw new Refusal('not_found', 'there is no password')
    await tx.query('delete from recovery_code where organization_id = $1 and member_id = $2', values)
    await demandWayLeft(tx, ledger, person.id)
    return { result: { done: true as const } }
  },
})

/** Ten new recovery codes; the old ones no longer work. */
export const renewRecoveryCodes = accountChange({
  action: 'recovery-codes.renew',
  input: z.object({}),
  prepare: async () => null,
  async run(tx, { ledger }, person) {
    if (!(await hasPassword(tx, ledger, person.id))) throw new Refusal('conflict', 'recovery codes go with a password, and there is none')
    return { result: { recovery_codes: await newRecoveryCodes(tx, ledger, person.id) } }
  },
})

async function hasPassword(tx: pg.ClientBase, ledger: Ledger, member: string): Promise<boolean> {
  const { rowCount } = await tx.query('select from password where organization_id = $1 and member_id = $2', [
    ledger.organization.number,
    member,
  ])
  return rowCount === 1
}
