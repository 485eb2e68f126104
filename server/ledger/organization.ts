import { randomBytes, randomUUID } from 'node:crypto'
import type pg from 'pg'
import { type OrganizationKeys, organizationKeys, unwrap, wrap } from '../platform/crypto.ts'
import type { Database } from '../platform/database.ts'
import type { MasterKey } from '../platform/master-key.ts'
import { OperatorError } from '../platform/refusal.ts'

/** The organization whose record this is. `number` is what every key in the store starts with, `id` is what the world sees. */
export interface Organization {
  readonly number: number
  readonly id: string
  readonly name: string
  readonly keys: OrganizationKeys
}

const purpose = 'daybook/organization-key/v1'

/** The organizations of this installation, the oldest first; made on the first start, so there is always one. */
export async function loadOrganizations(database: Database, master: MasterKey): Promise<Organization[]> {
  await createFirst(database.writes, master)
  const rows = await database.reader
    .selectFrom('organization')
    .select(['organization_id', 'id', 'name', 'wrapped_key'])
    .orderBy('organization_id')
    .execute()
  return rows.map((row) => ({
    number: row.organization_id,
    id: row.id,
    name: row.name,
    keys: organizationKeys(openSecret(master, row.wrapped_key)),
  }))
}

/** Two processes that start at once on an empty store take turns; the second finds the organization of the first. */
async function createFirst(pool: pg.Pool, master: MasterKey): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query('select pg_advisory_xact_lock(8484, 3)')
    await client.query(
      `with made as (
         insert into organization (id, name, wrapped_key)
         select $1, 'Organization', $2 where not exists (select from organization)
         returning organization_id)
       insert into ledger_head (organization_id) select organization_id from made`,
      [randomUUID(), wrap(master.wrapping, randomBytes(32), purpose)],
    )
    await client.query('commit')
  } finally {
    client.release()
  }
}

function openSecret(master: MasterKey, wrapped: Buffer): Buffer {
  try {
    return unwrap(master.wrapping, wrapped, purpose)
  } catch (cause) {
    throw new OperatorError('the master key does not open this data: DAYBOOK_MASTER_KEY_FILE must be the file the data were written with', {
      cause,
    })
  }
}
