import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { type AppPage, appPaths } from '../../contract/app-page.ts'
import { type Scope, scopesOf } from '../../contract/people.ts'
import { anyOf, demand } from '../ledger/command.ts'
import type { Ledger } from '../ledger/context.ts'
import { contextOf } from '../people/authenticate.ts'
import type { Person } from '../people/session.ts'
import { listWorkspaces } from '../people/workspaces.ts'
import { Refusal } from '../platform/refusal.ts'
import { builtFolder } from './assets.ts'
import { html, htmlText } from './html.ts'

/** The document of the web app, the same at each of its paths, for people who may see what is there. */
export function appPageRoutes(app: FastifyInstance, ledger: Ledger): void {
  for (const [path, needed] of Object.entries<readonly Scope[]>(appPaths)) {
    const access = needed.length === 0 ? 'signed-in' : anyOf(needed)
    app.get(path, { config: { access }, schema: { hide: true } }, async (request, reply) => {
      const ctx = await contextOf(ledger, request, { sessions: true })
      if (needed.length > 0) await demand(ctx, 'access', 'app.open', needed)
      if (ctx.actor.kind !== 'person') throw new Refusal('forbidden', 'this page is for people; a key asks the API')
      return sendAppPage(reply, await appPageOf(ledger, ctx.actor))
    })
  }
}

async function appPageOf(ledger: Ledger, { name, roles, workspace }: Person): Promise<AppPage> {
  const held = scopesOf(roles)
  const seen = (number: number) => held.size > 0 && (workspace === null || number === workspace)
  // The first is the one a page opens with: in the demo the company that has figures of these days, since the sample ended years ago.
  const workspaces = (await listWorkspaces(ledger)).filter(({ number }) => seen(number)).toSorted((a, b) => rankOf(a) - rankOf(b))
  return {
    person: { name, roles: [...roles], scopes: [...held] },
    workspaces: workspaces.map(({ id, name, kind }) => ({ id, name, kind })),
    now: ledger.clock.now().toString(),
  }
}

const rankOf = ({ kind }: { kind: string }) => (kind === 'simulated' ? 0 : 1)

async function sendAppPage(reply: FastifyReply, page: AppPage): Promise<FastifyReply> {
  const nonce = randomBytes(16).toString('base64')
  const document = (await builtDocument()).replace('%NONCE%', () => nonce).replace('%PAGE%', () => htmlText(html`${JSON.stringify(page)}`))
  return reply.header('content-security-policy', policy(nonce)).type('text/html; charset=utf-8').send(document)
}

/**
 * Scripts come from files of ours and nowhere else. Mantine makes style elements as it goes, which carry the nonce of this reply; what
 * React sets on an element it sets through its style property, which no policy stands against, so no inline style is allowed at all.
 */
function policy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** Read anew each time: an upgrade changes it under a running server, and it is a kilobyte. */
async function builtDocument(): Promise<string> {
  try {
    return await readFile(join(builtFolder, 'index.html'), 'utf8')
  } catch (cause) {
    throw Object.assign(new Refusal('overloaded', 'the pages of the app have not been built: start the server with bin/daybook'), { cause })
  }
}
