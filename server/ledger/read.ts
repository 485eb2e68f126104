import { saltLength } from '../platform/crypto.ts'
import type { Database } from '../platform/database.ts'
import { commitmentLength, open } from './entry.ts'
import { isObject, type JsonObject } from './json.ts'
import type { Organization } from './organization.ts'

/** The columns that `openRow` needs, for a select that joins `log l` and `salts.log s`. */
export const sealedColumns = 'l.commitment, l.payload, s.salt'

export interface SealedRow {
  commitment: Buffer
  /** null once erased, as is the salt. */
  payload: Buffer | null
  salt: Buffer | null
}

/** The canonical bytes of a stored record, or null when it was erased. */
export function openBytes(organization: Organization, { commitment, payload, salt }: SealedRow): Buffer | null {
  return payload && salt ? open(organization.keys, { commitment, payload, salt }) : null
}

export function openRow(organization: Organization, row: SealedRow): JsonObject | null {
  const bytes = openBytes(organization, row)
  if (!bytes) return null
  const record: unknown = JSON.parse(bytes.toString('utf8'))
  return isObject(record) ? record : null
}

/**
 * The same three columns as one, null once erased, for a select that opens very many rows: the driver takes longer over a column than
 * over its bytes, and over hexadecimal than over base64.
 */
export const packedColumn = `encode(l.commitment || s.salt || l.payload, 'base64') as packed`

export interface PackedRow {
  packed: string | null
}

export function openPacked(organization: Organization, { packed }: PackedRow): JsonObject | null {
  if (packed === null) return null
  const bytes = Buffer.from(packed, 'base64')
  const payloadAt = commitmentLength + saltLength
  return openRow(organization, {
    commitment: bytes.subarray(0, commitmentLength),
    salt: bytes.subarray(commitmentLength, payloadAt),
    payload: bytes.subarray(payloadAt),
  })
}

/** Rows of a named statement: planned for its values, parsed once per connection. The driver's binary format would garble bytea, so bytes come as hexadecimal. */
export async function rowsOf<R extends object>(database: Database, name: string, text: string, values: unknown[]): Promise<R[]> {
  const { rows } = await database.reads.query<R>({ name, text, values })
  return rows
}
