import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'

const style = readFileSync(join(import.meta.dirname, 'style.css'))
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="4" y="3" width="24" height="26" rx="4" fill="#2f6fb0"/><path d="M10 10h12M10 16h12M10 22h7" stroke="#fff" stroke-width="3" stroke-linecap="round"/></svg>`

/** The version stands in the address, so a browser may keep the file and still sees the next one at once. */
export const stylePath = `/assets/style-${createHash('sha256').update(style).digest('hex').slice(0, 12)}.css`
export const iconPath = '/assets/icon.svg'

export async function assetRoutes(app: FastifyInstance): Promise<void> {
  const files: [string, string, Buffer][] = [
    [stylePath, 'text/css; charset=utf-8', style],
    [iconPath, 'image/svg+xml', Buffer.from(icon)],
  ]
  for (const [path, type, bytes] of files) {
    app.get(path, { config: { access: 'open' }, schema: { hide: true } }, async (_request, reply) =>
      reply.type(type).header('cache-control', 'public, max-age=86400').send(bytes),
    )
  }
}
