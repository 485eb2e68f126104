import { once } from 'node:events'
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Context, Ledger } from '../ledger/context.ts'
import { question } from '../ledger/question.ts'
import { actorOfKeyId } from '../people/api-keys.ts'
import { contextOf } from '../people/authenticate.ts'
import { admit } from '../people/limits.ts'
import { listWorkspaces } from '../people/workspaces.ts'
import type { Span } from '../platform/blobs.ts'
import { Refusal } from '../platform/refusal.ts'
import { type FileLink, readLink, sessionOfLink } from './file-links.ts'
import { spanOf } from './file-ranges.ts'
import { type HeldFile, loadFilesByNumber } from './files-held.ts'
import { textOrNull } from './openai-common.ts'
import { sendOpenAiError } from './openai-errors.ts'
import { errorShape } from './openai-schemas.ts'

interface Bytes {
  readonly file: HeldFile
  readonly size: number
  open(span?: Span): Readable
}

/** The read behind a link, with the permission of the key that the link was made for, and on record as its read. */
const fileBytes = question({
  action: 'files.download',
  scope: 'compliance:read',
  input: z.object({ workspace: z.number(), file: z.number() }),
  async workspace(ctx, { workspace }) {
    const found = (await listWorkspaces(ctx.ledger)).find(({ number }) => number === workspace)
    if (!found || (ctx.actor.workspace !== null && ctx.actor.workspace !== workspace))
      throw new Refusal('not_found', 'there is no such file')
    return found
  },
  async ask(ctx, { workspace, file: number }): Promise<{ ids: string[]; result: Bytes }> {
    const file = (await loadFilesByNumber(ctx, workspace, [number])).get(number)
    if (!file) throw new Refusal('not_found', 'there is no such file')
    const { address, salt, size } = file
    if (address === null || salt === null || size === null) throw gone()
    const { blobs, organization } = ctx.ledger
    return { ids: [file.id], result: { file, size, open: (span) => blobs.read(organization.keys, address, salt, span) } }
  },
})

const gone = () => new Refusal('gone', 'the bytes of this file are not here any more')

/** Where download links lead. Whoever has one is let in by it alone: connectors follow it without their key. */
export async function fileDownloads(app: FastifyInstance, ledger: Ledger): Promise<void> {
  app.setErrorHandler(sendOpenAiError)
  app.get('/compliance/files/:link', {
    config: { access: 'open' },
    schema: {
      tags: ['OpenAI-compatible export'],
      summary: 'Download a file',
      description:
        'Where a `download_url` and the 307 of a file lead. Works without a header for one hour, as long as the key it was made for. Ranges are served (RFC 9110).',
      params: z.object({ link: z.string().describe('Signed; part of a link that Daybook made') }),
      response: { 200: z.string().describe('The bytes, as an attachment'), 403: errorShape, 404: errorShape, 410: errorShape },
    },
    handler: async (request, reply) => {
      const { link: token } = z.object({ link: z.string() }).parse(request.params)
      const link = readLink(ledger, token)
      if (!link) throw new Refusal('forbidden', 'this link is over, or was not made here: ask for a new one')
      const ctx = await contextOfLink(ledger, link, request)
      await admit(ctx, request, reply)
      return send(await fileBytes(ctx, { workspace: link.workspace, file: link.file }), request, reply)
    },
  })
}

async function contextOfLink(ledger: Ledger, link: FileLink, request: FastifyRequest): Promise<Context> {
  const session = sessionOfLink(link)
  if (session !== null) return contextOfSession(ledger, session, request)
  const use = { address: request.ip, route: `GET ${request.routeOptions.url ?? ''}`, requestId: request.id }
  const actor = await actorOfKeyId(ledger, link.key, use)
  return { ledger, actor, requestId: request.id, address: request.ip, userAgent: request.headers['user-agent']?.slice(0, 300) }
}

async function contextOfSession(ledger: Ledger, session: string, request: FastifyRequest): Promise<Context> {
  const ctx = await contextOf(ledger, request, { sessions: true })
  if (ctx.session?.id !== session) throw new Refusal('forbidden', 'this link was made for another session: open the conversation again')
  return ctx
}

async function send({ file, size, open }: Bytes, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const span = wantsRange(request, file) ? spanOf(request.headers.range, size) : 'whole'
  reply.headers({ 'accept-ranges': 'bytes', 'x-content-type-options': 'nosniff' })
  if (span === 'none') return reply.code(416).header('content-range', `bytes */${size}`).send()
  const bytes = open(span === 'whole' ? undefined : span)
  await begun(bytes)
  reply.headers({
    'content-type': typeOf(file),
    'content-disposition': `attachment; ${fileName(textOrNull(file.record?.name) ?? 'file')}`,
    'content-length': span === 'whole' ? size : span.last - span.first + 1,
    etag: tagOf(file),
  })
  if (span !== 'whole') reply.code(206).header('content-range', `bytes ${span.first}-${span.last}/${size}`)
  if (request.method !== 'HEAD') return reply.send(bytes)
  // The framework would read them to their end for nothing.
  bytes.destroy()
  return reply.send(Readable.from([]))
}

/** Bytes that the store has lost are found out before the reply begins. */
async function begun(bytes: Readable): Promise<void> {
  try {
    await once(bytes, 'readable')
  } catch (error) {
    throw error instanceof Error && 'code' in error && error.code === 'ENOENT' ? gone() : error
  }
}

const tagOf = ({ address }: HeldFile) => `"${address}"`

/** `If-Range`: the rest of what the caller has the beginning of, or all of what is there now. */
function wantsRange(request: FastifyRequest, file: HeldFile): boolean {
  const condition = request.headers['if-range']
  return request.headers.range !== undefined && (condition === undefined || condition === tagOf(file))
}

function typeOf({ record }: HeldFile): string {
  const type = textOrNull(record?.mime_type) ?? ''
  return /^[a-z0-9.+-]{1,60}\/[a-z0-9.+-]{1,100}$/i.test(type) ? type : 'application/octet-stream'
}

/** Longer than any file system takes; a header without end is one that no client reads. */
const longestName = 255

/** RFC 6266: letters of ASCII for old readers, the whole name for all others. */
function fileName(given: string): string {
  const name = given.slice(0, longestName)
  const plain = name.replace(/[^A-Za-z0-9 ._-]/g, '_')
  const whole = encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  return `filename="${plain}"; filename*=UTF-8''${whole}`
}
