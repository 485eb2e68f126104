import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { intakeReply, recordId, recordSource } from '../../contract/records.ts'
import { demand, parseInput } from '../ledger/command.ts'
import type { Context, Ledger } from '../ledger/context.ts'
import { storeFileBytes } from '../ledger/file-bytes.ts'
import { authenticateFirst } from '../people/authenticate.ts'
import { workspaceOf } from '../people/workspaces.ts'
import { Refusal } from '../platform/refusal.ts'
import { intakeOf, takeBatch } from './batch.ts'

const largestFile = 512 * 1_048_576

const fileParams = z.object({ file_id: recordId.describe("Id of the file's record") })
const fileBytesQuery = z.object({
  workspace_id: z.string().optional().describe('May be left out with a key that is bound to one workspace'),
  source: recordSource.default('api').describe("Source of the file's record"),
})
const fileBytesReply = z.object({
  id: z.string(),
  size: z.int().describe('Bytes'),
  sha256: z.string().describe('Hexadecimal'),
  duplicate: z.boolean().describe('The file had these bytes already'),
  seq: z.int().nullable().describe('Commit sequence number; null for a duplicate'),
})

export async function intakeRoutes(app: FastifyInstance, ledger: Ledger): Promise<void> {
  const caller = authenticateFirst(app, ledger, { sessions: false })
  app.addContentTypeParser(
    ['application/x-ndjson', 'application/ndjson', 'application/jsonl'],
    { parseAs: 'buffer' },
    (_request, body, done) => done(null, body),
  )
  app.post('/api/intake/records', {
    config: { access: 'ingest:write' },
    schema: {
      tags: ['Intake'],
      summary: 'Take records',
      description:
        'NDJSON, one record a line, gzip accepted; at most 10 MB unpacked and 5,000 records. Answers after the commit: what is acknowledged is durable. Idempotent by the identity of each record.',
      consumes: ['application/x-ndjson'],
      response: { 200: intakeReply },
    },
    handler: (request) => takeBatch(caller(request), request.body, request.headers['content-encoding']),
  })
  await app.register(async (files) => {
    files.removeAllContentTypeParsers()
    files.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    files.put('/api/intake/files/:file_id/bytes', {
      bodyLimit: largestFile,
      config: { access: 'ingest:write' },
      schema: {
        tags: ['Intake'],
        summary: 'Take the bytes of a file',
        description:
          'Streamed, at most 512 MB. With Content-Digest (RFC 9530) the SHA-256 is checked before anything is kept. The record of the file may come before or after. 410: the file was deleted from the record and is not taken again.',
        params: fileParams,
        querystring: fileBytesQuery,
        response: { 200: fileBytesReply },
      },
      handler: (request) => takeFile(caller(request), request),
    })
  })
}

async function takeFile(ctx: Context, request: FastifyRequest): Promise<z.output<typeof fileBytesReply>> {
  const { ledger } = ctx
  await demand(ctx, 'change', 'file-bytes.write', 'ingest:write')
  const query = parseInput(fileBytesQuery, request.query)
  const { file_id: id } = parseInput(fileParams, request.params)
  const expected = expectedDigest(request.headers['content-digest'])
  const workspace = query.workspace_id === undefined ? (await intakeOf(ctx)).workspace(null) : await workspaceOf(ctx, query.workspace_id)
  if (!workspace) throw new Refusal('bad_request', 'name the workspace: this key is not bound to one', { param: 'workspace_id' })
  // What is packed would be kept packed, under a digest that is not the file's.
  if ((request.headers['content-encoding'] ?? 'identity') !== 'identity')
    throw new Refusal('wrong_type', 'the bytes of a file are sent as they are, without Content-Encoding')
  if (Number(request.headers['content-length']) > largestFile)
    throw new Refusal('too_large', `a file may have at most ${largestFile} bytes`)
  const received = await ledger.blobs.receive(ledger.organization.keys, request.raw, largestFile)
  if (expected !== null && expected !== received.sha256) {
    await received.discard()
    throw new Refusal('unprocessable', 'the bytes do not have the SHA-256 that Content-Digest says; nothing was kept')
  }
  const { duplicate, seq } = await storeFileBytes(ledger, { workspace: { name: '', ...workspace }, source: query.source, id }, received)
  return { id, size: received.size, sha256: received.sha256, duplicate, seq }
}

/** `sha-256=:base64:` among the digests; others are not checked. */
function expectedDigest(header: string | string[] | undefined): string | null {
  if (header === undefined) return null
  const found = /(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):/.exec(String(header))
  if (!found?.[1]) throw new Refusal('bad_request', 'Content-Digest has no sha-256=:…: in it')
  return Buffer.from(found[1], 'base64').toString('hex')
}
