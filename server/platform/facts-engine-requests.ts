import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, createWriteStream, rmSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { Session } from 'chdb'

export interface Engine {
  /** Where bodies and documents lie while they pass through. */
  readonly spool: string
  /** A session of a request's own, so that no setting of one reaches another. */
  open(): Session
  running: number
}

/** Formats whose rows stand by themselves: chDB streams a document per chunk, so everything with a head or a foot goes through a file. */
const rowFormats = new Set(['CSV', 'TabSeparated', 'TSV', 'JSONEachRow', 'JSONCompactEachRow', 'RowBinary', 'Native'])

/** Parameters of the HTTP interface that are no settings. */
const notSettings = new Set(
  `query query_id database default_format session_id session_timeout session_check user password role compress decompress
  wait_end_of_query send_progress_in_http_headers http_headers_progress_interval_ms enable_http_compression
  http_zlib_compression_level http_response_buffer_size cancel_http_readonly_queries_on_client_close buffer_size`.split(/\s+/),
)

/** Bytes; values of parameters pass through a statement here. */
const longestForm = 64 * 1024 * 1024

/** Seconds; a question may set less or more. */
const defaultExecutionTime = 60

/** Answers one request as ClickHouse would, errors included. */
export async function answer(engine: Engine, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://engine')
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8')
  response.setHeader('X-ClickHouse-Query-Id', searchParams.get('query_id') ?? randomUUID())
  if (pathname === '/ping') {
    response.end('Ok.\n')
    return
  }
  engine.running++
  let session: Session | null = null
  try {
    session = engine.open()
    await respond({ engine, session, searchParams }, request, response)
  } catch (error) {
    fail(response, error)
  } finally {
    session?.close()
    engine.running--
  }
}

interface Asked {
  engine: Engine
  session: Session
  searchParams: URLSearchParams
}

async function respond(asked: Asked, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { session, searchParams } = asked
  const body: Readable = request.headers['content-encoding'] === 'gzip' ? request.pipe(createGunzip()) : request
  const inUrl = searchParams.get('query')
  const form = await formOf(request, body)
  const query = inUrl ?? form?.get('query') ?? (await textOf(body))
  if (form) await session.queryAsync(`SET max_query_size = ${longestForm}`, { format: 'Null' })
  await prepare(session, form ? new URLSearchParams([...searchParams, ...form]) : searchParams)
  const insert = /^([\s\S]*\binto\b[\s\S]*?)\s+format\s+(\w+)\s*;?\s*$/i.exec(query)
  if (/^\s*insert\b/i.test(query) && insert && inUrl !== null) {
    await insertBody(asked, body, insert[1] ?? '', insert[2] ?? '')
    response.setHeader('X-ClickHouse-Summary', '{}')
    response.end()
  } else if (/^\s*(select|with|show|describe|desc|exists|explain)\b/i.test(query)) {
    if (searchParams.get('wait_end_of_query') === '1') await sendWhole(asked, query, response)
    else await stream(asked, query, response)
  } else {
    await session.queryAsync(query, { format: 'Null' })
    response.end()
  }
}

/** Parameters that are too long for a URL come as a form, with the query among them. */
async function formOf({ headers }: IncomingMessage, body: Readable): Promise<Map<string, string> | null> {
  const type = headers['content-type'] ?? ''
  if (!type.startsWith('multipart/form-data')) return null
  const form = await new Response(await buffer(body), { headers: { 'content-type': type } }).formData()
  return new Map([...form].map(([name, value]) => [name, String(value)]))
}

/** Settings and query parameters of this request, for its session. */
async function prepare(session: Session, parameters: URLSearchParams): Promise<void> {
  const sets = [`SET max_execution_time = ${defaultExecutionTime}`]
  for (const [name, value] of parameters) {
    if (name.startsWith('param_')) sets.push(`SET ${identifier(name)} = ${literal(value)}`)
    else if (!notSettings.has(name)) sets.push(`SET ${identifier(name)} = ${literal(value)}`)
  }
  const database = parameters.get('database')
  if (database !== null && database !== 'default') sets.push(`USE ${identifier(database)}`)
  await session.queryAsync(sets.join('; '), { format: 'Null' })
}

function identifier(name: string): string {
  if (!/^\w+$/.test(name)) throw new Error('Code: 115. DB::Exception: a name that is no identifier. (UNKNOWN_SETTING)')
  return name
}

const literal = (value: string) => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

/** The body goes through a file: any format, any size, one block, and a deduplication token means the whole of it. */
async function insertBody({ engine, session }: Asked, body: Readable, into: string, format: string): Promise<void> {
  const file = join(engine.spool, randomUUID())
  try {
    await pipeline(body, createWriteStream(file, { mode: 0o600 }))
    await session.queryAsync(`${into} FROM INFILE ${literal(file)} FORMAT ${format}`, { format: 'Null' })
  } finally {
    rmSync(file, { force: true })
  }
}

/** The whole result before the first byte: for answers, which are small. */
async function sendWhole({ session, searchParams }: Asked, query: string, response: ServerResponse): Promise<void> {
  const result = await session.queryAsync(query, { format: searchParams.get('default_format') ?? 'TabSeparated' })
  response.end(result.bytes())
}

async function stream({ engine, session, searchParams }: Asked, query: string, response: ServerResponse): Promise<void> {
  const named = /\bformat\s+(\w+)\s*;?\s*$/i.exec(query)
  const format = named?.[1] ?? searchParams.get('default_format') ?? 'TabSeparated'
  const sql = named ? query.slice(0, named.index) : query
  response.setHeader('X-ClickHouse-Format', format)
  if (rowFormats.has(format)) return streamRows(session, sql, format, response)
  const file = join(engine.spool, randomUUID())
  try {
    await session.queryAsync(`${sql} INTO OUTFILE ${literal(file)} FORMAT ${format}`, { format: 'Null' })
    await pipeline(createReadStream(file), response)
  } finally {
    rmSync(file, { force: true })
  }
}

async function streamRows(session: Session, sql: string, format: string, response: ServerResponse): Promise<void> {
  for await (const chunk of session.queryStream(sql, { format })) {
    if (response.destroyed) return
    if (!response.write(chunk.raw())) await Promise.race([once(response, 'drain'), once(response, 'close')])
  }
  response.end()
}

async function textOf(body: Readable): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

/** ClickHouse's own text. Once rows are on their way the connection breaks instead: a cut must never look like an end. */
function fail(response: ServerResponse, error: unknown): void {
  const said = error instanceof Error ? error.message : String(error)
  const text = /^Code: \d+\./.test(said) ? said : `Code: 1001. DB::Exception: ${said}. (STD_EXCEPTION)`
  if (response.headersSent) {
    response.destroy()
    return
  }
  response.statusCode = statusOf(text)
  response.setHeader('X-ClickHouse-Exception-Code', /^Code: (\d+)/.exec(text)?.[1] ?? '1001')
  response.end(text)
}

function statusOf(text: string): number {
  if (/\((SYNTAX_ERROR|BAD_ARGUMENTS|TYPE_MISMATCH|UNKNOWN_SETTING|UNKNOWN_QUERY_PARAMETER|CANNOT_PARSE_\w+)\)/.test(text)) return 400
  if (/\((UNKNOWN_\w+|THERE_IS_NO_\w+)\)/.test(text)) return 404
  return /\(TIMEOUT_EXCEEDED\)/.test(text) ? 408 : 500
}
