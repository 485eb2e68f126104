import { lstat, readdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { Ledger } from '../ledger/context.ts'
import { transaction } from '../ledger/writer.ts'
import { hmac } from '../platform/crypto.ts'
import { OperatorError } from '../platform/refusal.ts'

/** How far an import came in each file of its input, so that one that was killed goes on where it was. */
export interface Progress {
  /** Leaves a mark that an import has begun, which only its end takes away. */
  begin(): Promise<void>
  done(file: string): number
  /** Elements done in all files when this run began. */
  readonly resumed: number
  save(positions: ReadonlyMap<string, number>): Promise<void>
  /** The import is complete: importing again reads everything again. Clears away what other inputs left for good as well. */
  clear(): Promise<void>
}

/** `identity`: what the input is recognized by; null for one on disk. */
export interface ProgressInput {
  readonly importer: string
  readonly path: string
  readonly identity: string | null
}

export async function openProgress(ledger: Ledger, workspace: number, { importer, path, identity }: ProgressInput): Promise<Progress> {
  const organization = ledger.organization.number
  const input = identity === null ? await fingerprintOfInput(ledger, importer, path) : fingerprintOf(ledger, [importer, identity])
  const rows = await ledger.database.reader
    .selectFrom('import_progress')
    .select(['file', 'done'])
    .where('organization_id', '=', organization)
    .where('workspace_id', '=', workspace)
    .where('input', '=', input)
    .execute()
  const before = new Map(rows.map(({ file, done }) => [file, done]))
  const save = async (positions: ReadonlyMap<string, number>) => {
    await ledger.database.writes.query(
      `insert into import_progress (organization_id, workspace_id, input, file, done, changed_at)
       select $1, $2, $3, file, done, $4 from unnest($5::text[], $6::bigint[]) as t (file, done)
       on conflict (organization_id, workspace_id, input, file) do update set done = excluded.done, changed_at = excluded.changed_at`,
      [organization, workspace, input, ledger.clock.now().toString(), [...positions.keys()].map(storable), [...positions.values()]],
    )
  }
  return {
    begin: () => save(new Map([['', 0]])),
    save,
    done: (file) => before.get(storable(file)) ?? 0,
    resumed: rows.reduce((sum, { done }) => sum + done, 0),
    clear: () =>
      transaction(ledger.database.writes, async (tx) => {
        await tx.query(`delete from import_progress where organization_id = $1 and (workspace_id = $2 and input = $3 or changed_at < $4)`, [
          organization,
          workspace,
          input,
          ledger.clock.now().subtract({ hours: keptHours }).toString(),
        ])
      }),
  }
}

/** An input that nobody went on with for a month has changed or is gone. */
const keptHours = 30 * 24

const storable = (file: string) => file.toWellFormed().replaceAll('\0', '\ufffd')

/**
 * Recognizes the same unchanged input: place, sizes and times of everything in it. Keyed, because a path may name a person, and a
 * plain hash of it could be guessed.
 */
async function fingerprintOfInput(ledger: Ledger, importer: string, path: string): Promise<string> {
  const mac: string[] = [importer]
  try {
    await describe(await realpath(path), mac)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : null
    const reason = code === 'ENOENT' ? 'there is nothing there' : code === 'EACCES' ? 'it may not be read' : String(code)
    throw new OperatorError(`${path} cannot be imported: ${reason}`, { cause })
  }
  return fingerprintOf(ledger, mac)
}

function fingerprintOf(ledger: Ledger, parts: readonly string[]): string {
  return hmac(ledger.organization.keys.fingerprints, 'import\0', JSON.stringify(parts)).toString('hex')
}

async function describe(path: string, into: string[]): Promise<void> {
  const status = await lstat(path)
  into.push(`${path} ${status.size} ${status.mtimeMs}`)
  if (status.isDirectory()) for (const name of (await readdir(path)).sort()) await describe(join(path, name), into)
}
