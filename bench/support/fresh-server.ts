import { join } from 'node:path'
import type { Bench } from '../line.ts'
import { endPostgres, Server } from './daybook.ts'
import { PostgresWire } from './postgres-wire.ts'

export interface FreshServer {
  readonly server: Server
  readonly workspace: string
  readonly ingestKey: string
  readonly readKey: string
}

/** A server process on an empty data directory, with one workspace and keys to it; both end with the bench. */
export async function freshServer({ cleanup, say }: Bench, limits?: string): Promise<FreshServer> {
  const data = join(await cleanup.folder('bench'), 'data')
  cleanup.add(() => endPostgres(data))
  say('starting a server on an empty data directory')
  const server = await Server.start(data, (child) => cleanup.add(() => child.kill('SIGKILL')), limits)
  const workspace = await server.workspace('Bench')
  const ingestKey = await server.key(workspace, 'ingest:write')
  const readKey = await server.key(workspace, 'compliance:read')
  return { server, workspace, ingestKey, readKey }
}

/** Makes an empty one-column table beside the ledger, in the same PostgreSQL. */
export async function bareTable({ sockets }: Server, name: string): Promise<string> {
  const wire = await PostgresWire.open(sockets)
  // Kept as it comes, as the ledger keeps its payloads: not compressed a second time.
  await wire.run(
    `create schema if not exists bench; drop table if exists bench.${name}; create table bench.${name} (body text); alter table bench.${name} alter column body set storage external`,
  )
  wire.close()
  return `bench.${name}`
}

/** PostgreSQL writes what it holds to its files now, so that one round's work does not fall into the next round's time. */
export async function settle({ sockets }: Server): Promise<void> {
  const wire = await PostgresWire.open(sockets)
  await wire.run('checkpoint')
  wire.close()
}
