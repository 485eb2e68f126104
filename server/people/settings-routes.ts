import type { FastifyInstance } from 'fastify'
import * as shape from '../../contract/admin.ts'
import { type Caller, runCommand } from './admin-route.ts'
import { explain } from './explain.ts'
import { changeSettings, readSettings } from './settings.ts'
import { switchApi } from './switches.ts'

const tags = ['Settings']
const config = { access: 'settings:manage' } as const

/** What an organization and its workspaces are set to, and why somebody can or cannot do something. */
export function settingsRoutes(app: FastifyInstance, caller: Caller): void {
  app.get('/api/settings', {
    config: { access: 'directory:read' },
    schema: {
      tags,
      summary: 'Read all settings',
      description: 'Each with its meaning, default, value, and who changed it last.',
      response: { 200: shape.settingsReply },
    },
    handler: async (request) => readSettings(caller(request)),
  })
  app.patch('/api/settings', {
    config,
    schema: {
      tags,
      summary: 'Change settings',
      description: 'Of the organization or of one workspace; all that are named, or none.',
      body: shape.settingsChange,
      response: { 200: shape.settingsReply },
    },
    handler: async (request) => changeSettings(caller(request), request.body),
  })
  app.put('/api/settings/apis', {
    config,
    schema: {
      tags,
      summary: 'Switch an API on or off',
      description:
        'For the primary owner. Off turns away every key of that API, at once on every node; people who are signed in are not affected.',
      body: shape.apiSwitch,
      response: { 200: shape.apiSwitches },
    },
    handler: async (request) => runCommand(switchApi, caller(request), request),
  })
  app.get('/api/explain', {
    config: { access: 'people:manage' },
    schema: {
      tags,
      summary: 'Explain why somebody can or cannot do something',
      description: 'Which role gives it, which would, who can give that role, and what else is in the way.',
      querystring: shape.explainQuery,
      response: { 200: shape.explanation },
    },
    handler: async (request) => explain(caller(request), app.routeAccess, request.query),
  })
}
