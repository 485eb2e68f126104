import { z } from 'zod'
import { role, type Scope, scope } from './people.ts'

/**
 * Pages of the web app, and the scopes of which any lets somebody see them; none: whoever is signed in. All are the same document; the
 * browser draws what the path names.
 */
export const appPaths = {
  '/overview': ['analytics:read'],
  '/record': ['compliance:read'],
  '/record/conversation': ['compliance:read'],
  '/record/search': ['compliance:read'],
  '/sources': ['analytics:read', 'compliance:read'],
  '/members': ['people:manage', 'directory:read'],
  '/keys': ['keys:manage'],
  '/access': ['activity:read'],
  '/settings': ['settings:manage', 'directory:read'],
  '/account': [],
} as const satisfies Record<string, readonly Scope[]>

/** What that document says of its reader, so that the first question can be asked at once. It stands in the meta element of this name. */
export const appPageMeta = 'daybook-page'
export const appPage = z.object({
  person: z.object({ name: z.string(), roles: z.array(role), scopes: z.array(scope) }),
  workspaces: z.array(z.object({ id: z.string(), name: z.string(), kind: z.string() })),
  /** The server's clock: which day it is must not depend on the reader's. */
  now: z.iso.datetime({ offset: true }),
})
export type AppPage = z.output<typeof appPage>
