import { basename, resolve } from 'node:path'
import { z } from 'zod'
import { type Candidate, type Intake, largestImported, prepareLine, prepareRecord, type Rejected } from '../ledger/candidate.ts'
import { command } from '../ledger/command.ts'
import type { Context, Workspace } from '../ledger/context.ts'
import { ErasedFile, storeFileBytes } from '../ledger/file-bytes.ts'
import { microseconds } from '../ledger/times.ts'
import { Refusal } from '../platform/refusal.ts'
import { brokenOff } from './broken-off.ts'
import { rawPiece } from './dead-letters.ts'
import type { Found, Place, ReadOptions } from './found.ts'
import { Batches } from './import-batches.ts'
import { openProgress, type Progress } from './import-progress.ts'
import { type ImportSummary, Tally } from './import-summary.ts'

/** One line of our own NDJSON, which is checked as the bytes it is. */
export interface Line {
  type: 'line'
  line: Buffer
  at: Place
}

/** A kind of input that can be imported. */
export interface ImportSource {
  /** As the command line calls it. */
  readonly name: string
  /** The `source` of records that name none. */
  readonly source: string
  /** What its places count: `element` or `line`. */
  readonly unit: string
  /** Everything lands in the log in the order in which it was read, the bytes of files too: it costs a pause before some bytes. */
  readonly inOrder?: true
  /** What an input that is no path on disk is recognized by. */
  identify?(path: string): string
  read(path: string, options: ReadOptions): AsyncGenerator<Found | Line>
}

export interface ImportRequest {
  readonly from: ImportSource
  readonly paths: readonly string[]
  readonly workspace: Workspace
  /** Reads and checks everything and writes nothing. */
  readonly dryRun: boolean
  /** Keep every name of what was not taken, not the first hundred. */
  readonly nameAll: boolean
  /** Stops the import where it is; the next one goes on from there. */
  readonly interrupted?: AbortSignal
  onProgress(step: ImportStep): void
}

export interface ImportStep {
  readonly file: string
  readonly read: number
  readonly bytesRead: number
  readonly bytesTotal: number | null
}

const largestFile = 512 * 1_048_576

/** Brings inputs into a workspace, one after the other, and says what became of everything in them. */
export async function runImport(ctx: Context, request: ImportRequest): Promise<ImportSummary> {
  const { from, workspace, dryRun, nameAll, paths } = request
  const tally = new Tally(nameAll)
  // All inputs are looked at before anything is taken: a mistyped name must not be found out half-way.
  const inputs: Input[] = []
  for (const path of paths.map((one) => (from.identify ? one : resolve(one)))) {
    const input = { importer: from.name, path, identity: from.identify?.(path) ?? null }
    inputs.push({ path, progress: await openProgress(ctx.ledger, workspace.number, input) })
  }
  if (!dryRun) await noteImport(ctx, { step: 'start', source: from.name, workspace, counts: { inputs: paths.length } })
  for (const input of inputs) await importOne(ctx, request, input, tally)
  const { read, accepted, updated, duplicates } = tally
  const counts = { read, accepted, updated, duplicates, rejected: tally.rejected.count }
  if (!dryRun) await noteImport(ctx, { step: 'end', source: from.name, workspace, counts })
  return tally.summary(from.name, workspace.id, dryRun)
}

const noteImport = command({
  action: 'import.run',
  scope: 'ingest:write',
  input: z.object({
    step: z.enum(['start', 'end']),
    source: z.string(),
    workspace: z.object({ number: z.int(), id: z.string(), name: z.string() }),
    counts: z.record(z.string(), z.int()),
  }),
  run: async (_tx, _ctx, { step, source, workspace, counts }) => ({
    ids: [workspace.id],
    workspace,
    query: { step, source, ...counts },
    result: null,
  }),
})

interface Input {
  readonly path: string
  readonly progress: Progress
}

async function importOne(ctx: Context, request: ImportRequest, { path, progress }: Input, tally: Tally): Promise<void> {
  const { ledger } = ctx
  const { from, workspace, dryRun } = request
  tally.input = request.paths.length > 1 ? basename(path) : null
  if (!dryRun) {
    tally.resumed += progress.resumed
    await progress.begin()
  }
  const to = {
    ledger,
    workspace: workspace.number,
    via: from.name,
    source: from.source,
    input: basename(path),
    unit: from.unit,
    save: progress.save,
  }
  const batches = new Batches(to, tally, dryRun)
  const intake: Intake = {
    workspace: (id) => (id === null || id.toLowerCase() === workspace.id ? workspace : null),
    source: from.source,
    largest: largestImported,
    now: microseconds(ledger.clock.now().toString()),
  }
  const one = new OneInput(ctx, request, intake, batches, tally)
  for await (const found of from.read(path, { resumeAt: dryRun ? () => 0 : progress.done })) {
    request.interrupted?.throwIfAborted()
    await one.meet(found)
  }
  await batches.finish()
  if (!dryRun) await progress.clear()
}

/** What is done with each thing that a reader finds. */
class OneInput {
  readonly #ctx: Context
  readonly #request: ImportRequest
  readonly #intake: Intake
  readonly #batches: Batches
  readonly #tally: Tally

  constructor(ctx: Context, request: ImportRequest, intake: Intake, batches: Batches, tally: Tally) {
    this.#ctx = ctx
    this.#request = request
    this.#intake = intake
    this.#batches = batches
    this.#tally = tally
  }

  async meet(found: Found | Line): Promise<void> {
    const { keys } = this.#ctx.ledger.organization
    if (found.type === 'record') {
      this.#tally.readOne(found.record.kind)
      const bytes = () => Buffer.from(JSON.stringify({ source: this.#intake.source, ...found.record }))
      await this.#place(prepareRecord(keys, this.#intake, found.record), found.at, bytes)
    } else if (found.type === 'line') {
      const prepared = prepareLine(keys, this.#intake, found.line)
      this.#tally.readOne('sealed' in prepared ? prepared.kind : null)
      await this.#place(prepared, found.at, () => found.line)
    } else if (found.type === 'bytes') await this.#bytes(found)
    else if (found.type === 'rejected') await this.#batches.refuse(found.at, found, found.bytes ?? null, this.#request.from.name + rawPiece)
    else if (found.type === 'skipped') this.#tally.skip(found.at, found.reason)
    else {
      this.#batches.step(found.file, found.index + 1)
      const { file, bytesRead, bytesTotal } = found
      this.#request.onProgress({ file, bytesRead, bytesTotal, read: this.#tally.read })
    }
  }

  async #place(prepared: Candidate | Rejected, at: Place, bytes: () => Buffer): Promise<void> {
    if ('sealed' in prepared) await this.#batches.take(prepared, { ...at, id: at.id ?? prepared.id })
    else await this.#batches.refuse(prepared.id === null ? at : { ...at, id: prepared.id }, prepared, bytes())
  }

  async #bytes(found: Extract<Found, { type: 'bytes' }>): Promise<void> {
    const bytes = fromSource(found.open)
    if (this.#request.from.inOrder && !this.#request.dryRun) await this.#batches.finish()
    try {
      this.#tally.fileBytes += this.#request.dryRun ? await measure(bytes) : await this.#store(found.fileId, bytes)
    } catch (error) {
      // A disk of ours that is full stops the import; a file that its archive cannot give is one thing refused.
      if (error instanceof BrokenSource) await this.#batches.refuse(found.at, brokenOff(error.cause, found.at.file), null)
      else if (error instanceof ErasedFile) this.#tally.reject(found.at, 'purged', error.message)
      else if (error instanceof Refusal && error.code === 'too_large') await this.#batches.refuse(found.at, error, null)
      else throw error
    }
  }

  async #store(id: string, bytes: AsyncGenerator<Buffer>): Promise<number> {
    const { ledger } = this.#ctx
    const received = await ledger.blobs.receive(ledger.organization.keys, bytes, largestFile)
    const stored = await storeFileBytes(ledger, { workspace: this.#request.workspace, source: this.#intake.source, id }, received)
    if (stored.duplicate) this.#tally.fileDuplicates++
    else this.#tally.filesStored++
    this.#tally.lastSeq = stored.seq ?? this.#tally.lastSeq
    return received.size
  }
}

async function measure(bytes: AsyncGenerator<Buffer>): Promise<number> {
  let size = 0
  for await (const chunk of bytes) {
    size += chunk.length
    if (size > largestFile) throw new Refusal('too_large', `a file may have at most ${largestFile} bytes`)
  }
  return size
}

class BrokenSource extends Error {}

async function* fromSource(open: Extract<Found, { type: 'bytes' }>['open']): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of (await open()) as AsyncIterable<Buffer>) yield chunk
  } catch (cause) {
    throw new BrokenSource('the source broke off', { cause })
  }
}
