import type pg from 'pg'
import type { Account, IdentityShown, PasskeyShown } from '../../contract/account.ts'
import type { Ledger } from '../ledger/context.ts'
import { Refusal } from '../platform/refusal.ts'

/** The ways in that somebody has by themselves, beside the link that whoever runs the server can always make them. */
export async function waysOf(ledger: Ledger, member: string): Promise<Pick<Account, 'password' | 'passkeys' | 'providers'>> {
  const [password, passkeys, providers] = await Promise.all([
    passwordOf(ledger, member),
    passkeysOf(ledger, member),
    identitiesOf(ledger, member),
  ])
  return { password, passkeys, providers }
}

/** The ways that somebody has: the sign-in page offers no others. */
export async function waysThere(ledger: Ledger): Promise<{ password: boolean; passkey: boolean }> {
  const has = async (table: 'password' | 'passkey') =>
    (await ledger.database.reader
      .selectFrom(table)
      .select('member_id')
      .where('organization_id', '=', ledger.organization.number)
      .limit(1)
      .executeTakeFirst()) !== undefined
  return { password: await has('password'), passkey: await has('passkey') }
}

/** Whether somebody comes in by links alone and has not put it off to change that. */
export async function isUnsecured(ledger: Ledger, member: string): Promise<boolean> {
  const { password, passkeys, providers } = await waysOf(ledger, member)
  if (password !== null || passkeys.length > 0 || providers.length > 0) return false
  const putOff = await ledger.database.reader
    .selectFrom('put_off_securing')
    .select('at')
    .where('organization_id', '=', ledger.organization.number)
    .where('member_id', '=', member)
    .executeTakeFirst()
  return putOff === undefined
}

/** Remembers that somebody will not be asked again. */
export async function putOffSecuring(ledger: Ledger, member: string): Promise<void> {
  await ledger.database.writes.query(
    'insert into put_off_securing (organization_id, member_id, at) values ($1, $2, $3) on conflict do nothing',
    [ledger.organization.number, member, ledger.clock.now().toString()],
  )
}

/** Refuses to take the last way in away. Runs after the change, inside its transaction, which holds the account. */
export async function demandWayLeft(tx: pg.ClientBase, ledger: Ledger, member: string): Promise<void> {
  const { rows } = await tx.query<{ ways: number }>(
    `select (select count(*) from password where organization_id = $1 and member_id = $2)
          + (select count(*) from passkey where organization_id = $1 and member_id = $2)
          + (select count(*) from identity where organization_id = $1 and member_id = $2) as ways`,
    [ledger.organization.number, member],
  )
  if (Number(rows[0]?.ways) === 0) throw new Refusal('conflict', 'this is your last way in: set up another one first')
}

/** One account changes in one place at a time, so that two removals cannot each leave the other's way as the last. */
export async function takeAccount(tx: pg.ClientBase, ledger: Ledger, member: string): Promise<void> {
  await tx.query('select from member where organization_id = $1 and id = $2 for update', [ledger.organization.number, member])
}

async function passwordOf(ledger: Ledger, member: string): Promise<Account['password']> {
  const { reader } = ledger.database
  const organization = ledger.organization.number
  const row = await reader
    .selectFrom('password')
    .select('changed_at')
    .where('organization_id', '=', organization)
    .where('member_id', '=', member)
    .executeTakeFirst()
  if (!row) return null
  const { left } = await reader
    .selectFrom('recovery_code')
    .select(({ fn }) => fn.countAll<number>().as('left'))
    .where('organization_id', '=', organization)
    .where('member_id', '=', member)
    .where('used_at', 'is', null)
    .executeTakeFirstOrThrow()
  return { changed_at: row.changed_at, recovery_codes: Number(left) }
}

async function passkeysOf(ledger: Ledger, member: string): Promise<PasskeyShown[]> {
  return ledger.database.reader
    .selectFrom('passkey')
    .select(['id', 'name', 'created_at', 'last_used_at', 'synced'])
    .where('organization_id', '=', ledger.organization.number)
    .where('member_id', '=', member)
    .orderBy('created_at')
    .execute()
}

async function identitiesOf(ledger: Ledger, member: string): Promise<IdentityShown[]> {
  const rows = await ledger.database.reader
    .selectFrom('identity')
    .select(['provider', 'email', 'linked_at', 'last_used_at'])
    .where('organization_id', '=', ledger.organization.number)
    .where('member_id', '=', member)
    .orderBy('linked_at')
    .execute()
  const nameOf = (id: string) => ledger.config.providers.find((one) => one.id === id)?.name ?? id
  return rows.map((row) => ({ ...row, name: nameOf(row.provider) }))
}
