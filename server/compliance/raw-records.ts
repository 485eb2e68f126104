import { z } from 'zod'
import type { Context } from '../ledger/context.ts'
import { ownSource } from '../ledger/entry.ts'
import { question } from '../ledger/question.ts'
import { openBytes, rowsOf, type SealedRow, sealedColumns } from '../ledger/read.ts'
import { workspaceOf } from '../people/workspaces.ts'
import { word } from './openai-parameters.ts'

const wholeNumber = (what: string) =>
  z
    .string(`${what} must be given once`)
    .regex(/^\d{1,15}$/, `${what} must be a whole number`)
    .transform(Number)

export const recordsQuery = z.object({
  after_seq: wholeNumber('after_seq').default(0).describe('Records after this commit sequence number'),
  kind: word('kind').min(1).nullable().default(null).describe("Only this kind; the ledger's own entries are of kind access and change"),
  workspace_id: z.string().nullable().default(null).describe('Only of this workspace; what a key is bound to it cannot leave'),
  limit: wholeNumber('limit')
    .refine((n) => n > 0, 'limit must be at least 1')
    .transform((n) => Math.min(n, 10_000))
    .default(1000)
    .describe('Records per page; 10,000 at most'),
})

const action = 'records.list'

/** GET /api/records: stored records in commit order, one JSON object a line, each with its `seq` and `received_at`. */
export const rawRecords = question({
  action,
  scope: 'compliance:read',
  input: recordsQuery,
  workspace: (ctx, input) => (input.workspace_id === null ? Promise.resolve(null) : workspaceOf(ctx, input.workspace_id)),
  query: (input) => input,
  async ask(ctx, input, workspace) {
    const reach = workspace?.number ?? ctx.actor.workspace
    const rows = await select(ctx, input, reach)
    return { ids: rows.map(({ id }) => id), result: await lines(ctx, rows, input.kind, reach) }
  },
})

interface Row {
  seq: number
  kind: string
  source: string
  id: string
  received_at: string
  ahead: boolean
}

async function select(ctx: Context, input: z.output<typeof recordsQuery>, workspace: number | null): Promise<Row[]> {
  const values: unknown[] = [ctx.ledger.organization.number, input.after_seq, input.limit]
  const bind = (value: unknown) => `$${values.push(value)}`
  const { rows } = await ctx.ledger.database.reads.query<Row>({
    name: `raw records ${input.kind !== null} ${workspace !== null}`,
    text: `select seq, kind, source, id, received_at, ahead from log where organization_id = $1 and seq > $2
      ${input.kind === null ? '' : `and kind = ${bind(input.kind)}`} ${workspace === null ? '' : `and workspace_id = ${bind(workspace)}`}
      order by seq limit $3`,
    values,
  })
  return rows
}

/** So many records are fetched at a time, and about so many characters of them sent; a page fits into no string and need not fit into memory. */
const together = 200
const piece = 1_048_576

/**
 * Reading this list is recorded in it. A page that would hold nothing but such entries is sent empty while nothing else follows, so
 * that a reader who goes on until nothing comes does come to an end; no seq is ever left out, they follow with the next record.
 */
async function lines(ctx: Context, rows: readonly Row[], kind: string | null, workspace: number | null): Promise<AsyncGenerator<string>> {
  return kind === null && (await onlyOwnReads(ctx, rows, workspace)) ? nothing() : stream(ctx, rows)
}

async function* nothing(): AsyncGenerator<string> {
  // Not a line: there is nothing new.
}

async function onlyOwnReads(ctx: Context, rows: readonly Row[], workspace: number | null): Promise<boolean> {
  const last = rows.at(-1)
  if (!last || !rows.every(({ source, kind }) => source === ownSource && kind === 'access')) return false
  const opened = await sealedRows(ctx, rows)
  if (!opened.every((row) => isRead(openBytes(ctx.ledger.organization, row)))) return false
  const { rowCount } = await ctx.ledger.database.reads.query(
    `select from log where organization_id = $1 and seq > $2 and kind <> 'access' and ($3::integer is null or workspace_id = $3) limit 1`,
    [ctx.ledger.organization.number, last.seq, workspace],
  )
  return rowCount === 0
}

function isRead(bytes: Buffer | null): boolean {
  const record: unknown = bytes ? JSON.parse(bytes.toString('utf8')) : null
  return typeof record === 'object' && record !== null && 'action' in record && record.action === action
}

async function* stream(ctx: Context, rows: readonly Row[]): AsyncGenerator<string> {
  let text = ''
  for (let at = 0; at < rows.length; at += together) {
    const some = rows.slice(at, at + together)
    const sealed = new Map((await sealedRows(ctx, some)).map((row) => [row.seq, row]))
    for (const row of some) {
      text += line(row, sealed.get(row.seq), ctx)
      if (text.length < piece) continue
      yield text
      text = ''
    }
  }
  yield text
}

function sealedRows(ctx: Context, rows: readonly Row[]): Promise<(SealedRow & { seq: number })[]> {
  return rowsOf(
    ctx.ledger.database,
    'raw payloads',
    `select l.seq, ${sealedColumns} from log l left join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq
     where l.organization_id = $1 and l.seq = any($2::bigint[])`,
    [ctx.ledger.organization.number, rows.map(({ seq }) => seq)],
  )
}

/** The stored bytes as they are, with our fields spliced in at the end; what was erased is a line that says so. */
function line(row: Row, sealed: SealedRow | undefined, ctx: Context): string {
  const bytes = sealed ? openBytes(ctx.ledger.organization, sealed) : null
  const ours = `"seq":${row.seq},"received_at":${JSON.stringify(row.received_at)}${row.ahead ? ',"ahead":true' : ''}}\n`
  if (!bytes) return `${JSON.stringify({ kind: row.kind, source: row.source, id: row.id, erased: true }).slice(0, -1)},${ours}`
  const text = bytes.toString('utf8')
  return `${text.slice(0, -1)}${text.length > 2 ? ',' : ''}${ours}`
}
