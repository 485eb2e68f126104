import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import files from '@fastify/static'
import type { FastifyInstance } from 'fastify'

const style = readFileSync(join(import.meta.dirname, 'style.css'))
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="4" y="3" width="24" height="26" rx="4" fill="#2f6fb0"/><path d="M10 10h12M10 16h12M10 22h7" stroke="#fff" stroke-width="3" stroke-linecap="round"/></svg>`

/** The version stands in the address, so a browser may keep the file and still sees the next one at once. */
export const stylePath = `/assets/style-${createHash('sha256').update(style).digest('hex').slice(0, 12)}.css`
export const iconPath = '/assets/icon.svg'

/** What Vite made of web/: the document of the app, and below assets/app everything that the document names. */
export const builtFolder = join(import.meta.dirname, '..', '..', 'dist')

const year = 365 * 24 * 3600_000

export async function assetRoutes(app: FastifyInstance): Promise<void> {
  await builtAssets(app)
  const own: [string, string, Buffer][] = [
    [stylePath, 'text/css; charset=utf-8', style],
    [iconPath, 'image/svg+xml', Buffer.from(icon)],
  ]
  for (const [path, type, bytes] of own) {
    app.get(path, { config: { access: 'open' }, schema: { hide: true } }, async (_request, reply) =>
      reply.type(type).header('cache-control', 'public, max-age=86400').send(bytes),
    )
  }
}

/** Their names carry the digest of what is in them, so a browser never asks twice; the packed form was made when they were built. */
async function builtAssets(app: FastifyInstance): Promise<void> {
  const folder = join(builtFolder, 'assets', 'app')
  await app.register(files, { root: folder, serve: false, preCompressed: true, immutable: true, maxAge: year })
  app.get<{ Params: { file: string } }>(
    '/assets/app/:file',
    { config: { access: 'open' }, schema: { hide: true } },
    async (request, reply) => {
      const { file } = request.params
      return /^\w[\w.-]*$/.test(file) ? reply.sendFile(file) : reply.callNotFound()
    },
  )
}
