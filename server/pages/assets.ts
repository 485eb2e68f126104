import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import files from '@fastify/static'
import type { FastifyInstance } from 'fastify'

const style = readFileSync(join(import.meta.dirname, 'style.css'))
/** Passkeys need a script: the library that speaks with the browser, then ours, which says when. */
const script = Buffer.concat([
  readFileSync(
    createRequire(import.meta.url)
      .resolve('@simplewebauthn/browser')
      .replace(/(@simplewebauthn\/browser)\/.*$/, '$1/dist/bundle/index.umd.min.js'),
  ),
  Buffer.from('\n'),
  readFileSync(join(import.meta.dirname, '..', '..', 'web', 'sign-in.js')),
])
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="4" y="3" width="24" height="26" rx="4" fill="#2f6fb0"/><path d="M10 10h12M10 16h12M10 22h7" stroke="#fff" stroke-width="3" stroke-linecap="round"/></svg>`

/** The version stands in the address, so a browser may keep the file and still sees the next one at once. */
export const stylePath = `/assets/style-${versionOf(style)}.css`
export const scriptPath = `/assets/sign-in-${versionOf(script)}.js`
export const iconPath = '/assets/icon.svg'

/** What Vite made of web/: the document of the app, and below assets/app everything that the document names. */
export const builtFolder = join(import.meta.dirname, '..', '..', 'dist')

const year = 365 * 24 * 3600_000

export async function assetRoutes(app: FastifyInstance): Promise<void> {
  await builtAssets(app)
  const own: [string, string, Buffer][] = [
    [stylePath, 'text/css; charset=utf-8', style],
    [scriptPath, 'text/javascript; charset=utf-8', script],
    [iconPath, 'image/svg+xml', Buffer.from(icon)],
  ]
  for (const [path, type, bytes] of own) {
    app.get(path, { config: { access: 'open' }, schema: { hide: true } }, async (_request, reply) =>
      reply.type(type).header('cache-control', 'public, max-age=86400').send(bytes),
    )
  }
}

function versionOf(file: Buffer): string {
  return createHash('sha256').update(file).digest('hex').slice(0, 12)
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
