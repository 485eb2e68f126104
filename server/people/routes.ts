import type { FastifyInstance } from 'fastify'
import type { Ledger } from '../ledger/context.ts'
import { approvalRoutes, reviewRoutes } from './approvals-routes.ts'
import { authenticateFirst } from './authenticate.ts'
import { invitationRoutes } from './invitations-routes.ts'
import { keyRoutes } from './keys-routes.ts'
import { memberRoutes } from './members-routes.ts'
import { settingsRoutes } from './settings-routes.ts'

/** Who may see what: members, invitations, second persons, reviews, keys, settings. */
export async function peopleRoutes(app: FastifyInstance, ledger: Ledger): Promise<void> {
  const caller = authenticateFirst(app, ledger, { sessions: true })
  memberRoutes(app, caller)
  invitationRoutes(app, ledger, caller)
  approvalRoutes(app, caller)
  reviewRoutes(app, caller)
  keyRoutes(app, caller)
  settingsRoutes(app, caller)
}
