import type { FastifyInstance } from 'fastify'
import { done, idParams } from '../../contract/admin.ts'
import {
  matchesInput,
  newSavedSearch,
  savedSearch,
  savedSearchChange,
  savedSearchList,
  savedSearchQuery,
  searchInput,
  searchPaths,
  searchReply,
} from '../../contract/search.ts'
import type { Ledger } from '../ledger/context.ts'
import { type Caller, runCommand } from '../people/admin-route.ts'
import { authenticateFirst } from '../people/authenticate.ts'
import { givenMatches } from './saved-found.ts'
import { changeSearch, listSearches, removeSearch, saveSearch } from './saved-searches.ts'
import { search } from './search.ts'

const tags = ['Search']
const config = { access: 'compliance:read' }

/** Search over the record, and searches that are kept. What is searched for is content: it comes in the body of a POST. */
export async function searchRoutes(app: FastifyInstance, ledger: Ledger): Promise<void> {
  const caller = authenticateFirst(app, ledger, { sessions: true })
  app.post(searchPaths.search, {
    config,
    schema: {
      tags,
      summary: 'Search the record',
      description:
        'Words and "phrases" over messages, conversation titles, file names and text files, memories and canvases, in every version that is kept, the newest first. All of them must occur. docs/search.md says what a word is. Each search is an entry in the access record.',
      body: searchInput,
      response: { 200: searchReply },
    },
    handler: (request) => search(caller(request), request.body),
  })
  savedRoutes(app, caller)
  oneSavedRoutes(app, caller)
}

function savedRoutes(app: FastifyInstance, caller: Caller): void {
  app.get(searchPaths.saved, {
    config,
    schema: { tags, summary: 'List saved searches', querystring: savedSearchQuery, response: { 200: savedSearchList } },
    handler: (request) => listSearches(caller(request), request.query),
  })
  app.post(searchPaths.saved, {
    config,
    schema: {
      tags,
      summary: 'Save a search',
      description: 'It looks at everything that is recorded from now on; what it finds is counted until somebody reads it.',
      body: newSavedSearch,
      response: { 200: savedSearch },
    },
    handler: (request) => runCommand(saveSearch, caller(request), request),
  })
}

function oneSavedRoutes(app: FastifyInstance, caller: Caller): void {
  app.patch(searchPaths.savedOne, {
    config,
    schema: {
      tags,
      summary: 'Rename a saved search, or pause it',
      params: idParams,
      body: savedSearchChange,
      response: { 200: savedSearch },
    },
    handler: (request) => runCommand(changeSearch, caller(request), request),
  })
  app.delete(searchPaths.savedOne, {
    config,
    schema: { tags, summary: 'Remove a saved search and what it found', params: idParams, response: { 200: done } },
    handler: (request) => runCommand(removeSearch, caller(request), request),
  })
  app.post(searchPaths.savedMatches, {
    config,
    schema: {
      tags,
      summary: 'Read what a saved search has found',
      description: 'The newest first; what is given out is not counted as new any more.',
      params: idParams,
      body: matchesInput,
      response: { 200: searchReply },
    },
    handler: (request) => runCommand(givenMatches, caller(request), request),
  })
}
