import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import type { Ledger } from '../ledger/context.ts'
import { hmac } from '../platform/crypto.ts'

const howMany = 10

/** Crockford's base 32: without the letters that are taken for digits. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** Ten new recovery codes in place of whatever there was. Each replaces one code of the app, once; only their hashes are kept. */
export async function newRecoveryCodes(tx: pg.ClientBase, ledger: Ledger, member: string): Promise<string[]> {
  const organization = ledger.organization.number
  await tx.query('delete from recovery_code where organization_id = $1 and member_id = $2', [organization, member])
  const codes = Array.from({ length: howMany }, newCode)
  await tx.query(
    'insert into recovery_code (organization_id, member_id, code_hash) select $1, $2, hash from unnest($3::bytea[]) as given (hash)',
    [organization, member, codes.map((code) => hashOf(ledger, code))],
  )
  return codes
}

/** Uses a recovery code up; false: it is none, or was used before. */
export async function spendRecoveryCode(tx: pg.ClientBase, ledger: Ledger, member: string, code: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    'update recovery_code set used_at = $4 where organization_id = $1 and member_id = $2 and code_hash = $3 and used_at is null',
    [ledger.organization.number, member, hashOf(ledger, code), ledger.clock.now().toString()],
  )
  return rowCount === 1
}

export function looksLikeRecoveryCode(text: string): boolean {
  return plain(text).length === 16
}

/** 80 random bits in four groups, such as `k7mq-2x9f-hd4w-r8pn`: too many to guess, so a fast keyed hash is enough. */
function newCode(): string {
  const letters = Array.from(randomBytes(16), (byte) => alphabet.charAt(byte % 32)).join('')
  return letters.replace(/(.{4})(?!$)/g, '$1-')
}

const hashOf = (ledger: Ledger, code: string) => hmac(ledger.master.pepper, 'recovery-code\0', plain(code))
const plain = (text: string) =>
  text
    .toLowerCase()
    .replaceAll(/[^0-9a-z]/g, '')
    .replaceAll('o', '0')
    .replaceAll(/[il]/g, '1')
