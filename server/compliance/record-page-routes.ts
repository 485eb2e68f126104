import type { FastifyInstance } from 'fastify'
import {
  conversationInput,
  conversationReply,
  entriesInput,
  entriesReply,
  entryInput,
  entryReply,
  peopleInput,
  peopleReply,
  recordPaths,
} from '../../contract/record.ts'
import type { Ledger } from '../ledger/context.ts'
import { authenticateFirst } from '../people/authenticate.ts'
import { recordConversation } from './record-conversation.ts'
import { recordEntries, recordEntry } from './record-entries.ts'
import { recordPeople } from './record-people.ts'

const access = { config: { access: 'compliance:read' } }

/** The record for people who read it: what there is, one entry of it, a conversation. What they read and why is on record. */
export async function recordPageRoutes(app: FastifyInstance, ledger: Ledger): Promise<void> {
  const caller = authenticateFirst(app, ledger, { sessions: true })

  app.post(recordPaths.people, {
    ...access,
    schema: {
      tags: ['Records'],
      summary: 'Find people of the record',
      description: 'By id, e-mail address or words of a name, for the `person_id` of the other questions.',
      body: peopleInput,
      response: { 200: peopleReply },
    },
    handler: async (request) => recordPeople(caller(request), request.body ?? {}),
  })

  app.post(recordPaths.entries, {
    ...access,
    schema: {
      tags: ['Records'],
      summary: 'Find entries of the record',
      description:
        'By kind, person, conversation, id and time of the event; the newest first, in commit order. Excerpts of content come with a stated purpose alone.',
      body: entriesInput,
      response: { 200: entriesReply },
    },
    handler: async (request) => recordEntries(caller(request), request.body ?? {}),
  })

  app.post(recordPaths.entry, {
    ...access,
    schema: {
      tags: ['Records'],
      summary: 'Read one entry of the record',
      description: 'As it is stored, with the places of all versions of what it is about.',
      body: entryInput,
      response: { 200: entryReply },
    },
    handler: async (request) => recordEntry(caller(request), request.body ?? {}),
  })

  app.post(recordPaths.conversation, {
    ...access,
    schema: {
      tags: ['Records'],
      summary: 'Read a conversation with all that the record has of it',
      description:
        'Branches, hidden and system messages, tool calls, files, versions, deletions and gaps of what was erased. Messages come in the order of their arrival, 100 at a time, fewer where they are large.',
      body: conversationInput,
      response: { 200: conversationReply },
    },
    handler: async (request) => recordConversation(caller(request), request.body ?? {}),
  })
}
