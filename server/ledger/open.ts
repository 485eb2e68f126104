import { openBlobFolder } from '../platform/blobs.ts'
import { openFacts } from '../platform/clickhouse.ts'
import { type Clock, systemClock } from '../platform/clock.ts'
import type { Config } from '../platform/config.ts'
import { openDatabase } from '../platform/database.ts'
import { type Log, openLog } from '../platform/log.ts'
import { readMasterKey } from '../platform/master-key.ts'
import { RequestWindows } from '../platform/request-windows.ts'
import type { Ledger } from './context.ts'
import { loadOrganizations } from './organization.ts'
import { Writer } from './writer.ts'

/** Opens everything the record stands on; the server and every command begin here. Close it again, also after a failure. */
export async function openLedger(config: Config, options: { clock?: Clock; log?: Log } = {}): Promise<Ledger & { close(): Promise<void> }> {
  const log = options.log ?? openLog(config)
  const database = await openDatabase(config)
  try {
    const master = readMasterKey(config)
    const [organization] = await loadOrganizations(database, master)
    if (!organization) throw new Error('there is no organization')
    const writer = new Writer(database, organization.number)
    const blobs = await openBlobFolder(config.blobs)
    const facts = openFacts(config, database.writes)
    const windows = new RequestWindows(database, organization.number)
    const close = async () => {
      await writer.drain()
      await windows.close()
      await facts.close()
      await database.close()
    }
    return { organization, writer, blobs, facts, database, master, windows, clock: options.clock ?? systemClock, config, log, close }
  } catch (error) {
    await database.close()
    throw error
  }
}
