import { z } from 'zod'
import { anyId, dayOrTime } from './record.ts'

/**
 * Search over the record. Everything that is content is POSTed, never part of an address. Each search says its purpose, which stands in
 * the access record with the ids that were given away; the words themselves do not.
 */
export const searchPaths = {
  /** POST `searchInput` → `searchReply`. */
  search: '/api/search',
  /** GET `savedSearchQuery` → `savedSearchList`; POST `newSavedSearch` → `savedSearch`. */
  saved: '/api/saved-searches',
  /** PATCH `savedSearchChange` → `savedSearch`; DELETE → `done` of contract/admin.ts. */
  savedOne: '/api/saved-searches/:id',
  /** POST `matchesInput` → `searchReply`: what came since it was saved, the newest first; what a page gives out is no longer new. */
  savedMatches: '/api/saved-searches/:id/matches',
} as const

/** What can be found. A conversation is found by its title, a file by its name and, where it is text, by what is in it. */
export const searchKinds = ['message', 'conversation', 'file', 'memory', 'canvas'] as const
export type SearchKind = (typeof searchKinds)[number]

export const searchPurpose = z
  .string()
  .trim()
  .min(3, 'say in a few words what it is for')
  .max(500)
  .describe('Why this is searched: 3 to 500 characters, kept in the access record')
const workspaceId = z.string().describe('Id of the workspace that is searched')
const text = z
  .string()
  .max(1000)
  .describe('Words, all of which must occur, and "phrases" in quotation marks, whose words must follow each other. Case does not matter')

const filters = {
  kinds: z.array(z.enum(searchKinds)).min(1).max(searchKinds.length).optional().describe('Only of these kinds; all unless told'),
  person_id: anyId.optional().describe('Only what this person wrote or owns: their id, on the wire or at the source'),
  since: dayOrTime.optional().describe('Only of this day or later, or of this instant or later, by the time of the event; days are UTC'),
  until: dayOrTime.optional().describe('Only up to the end of this day, or up to this instant, by the time of the event'),
}

const page = {
  cursor: z.string().max(200).optional().describe('`cursor` of the reply before, with the same search'),
  limit: z
    .int()
    .min(1)
    .max(200)
    .default(50)
    .describe('At most so many matches; a page may be shorter, only has_more tells whether there is more'),
}

export const searchInput = z.strictObject({ workspace_id: workspaceId, text, purpose: searchPurpose, ...filters, ...page })
export type SearchInput = z.output<typeof searchInput>

/** Text around a match. Where something was left out, `before` begins or `after` ends with "…". */
const snippet = z.object({ before: z.string(), match: z.string(), after: z.string() })
export type Snippet = z.output<typeof snippet>

const instant = z.string().describe('RFC 3339, UTC')

export const searchHit = z.object({
  seq: z.int().describe('Place of this version in the commit sequence'),
  kind: z.enum(searchKinds),
  id: z.string().describe('As it stands on the wire'),
  conversation_id: z.string().nullable().describe('The conversation it is in, or is; as it stands on the wire'),
  conversation_number: z.int().nullable().describe('The same by its number in the record, as the pages of the record address it'),
  person: z
    .object({ id: z.string(), email: z.string().nullable(), name: z.string().nullable() })
    .nullable()
    .describe('Who wrote or owns it; for what an assistant wrote, whose conversation it is'),
  at: instant.describe('When it happened, by its source; where that says nothing, when it arrived'),
  older_version: z.boolean().describe('It was changed later: this is what it said before'),
  deleted_at: instant.nullable().describe('When it, or the conversation it is in, was deleted at its source'),
  snippets: z.array(snippet).describe('The first places where what was searched for stands, three at most'),
})
export type SearchHit = z.output<typeof searchHit>

export const searchReply = z.object({
  data: z.array(searchHit).describe('The newest first, in the order in which they were recorded'),
  cursor: z.string().nullable().describe('Goes on after this page; null at the end'),
  has_more: z.boolean().describe('There is more to look at, even where this page is short or empty'),
  searched_back_to: instant.nullable().describe('Everything that was recorded since then has been looked at; null: everything there is'),
  checked: z.int().describe('How many entries were opened and read for this page'),
  behind: z.int().describe('What is new in the workspace and not in the index yet, among the newest 5,000 entries: it was read one by one'),
  skipped: z.int().describe('Entries older than these that the index does not hold yet and nobody looked at; 0 as a rule'),
})
export type SearchReply = z.output<typeof searchReply>

const name = z.string().trim().min(1).max(100).describe('What it is called')

export const savedSearchQuery = z.object({ workspace_id: workspaceId })

export const newSavedSearch = z.strictObject({ workspace_id: workspaceId, name, text, purpose: searchPurpose, ...filters })
export type NewSavedSearch = z.output<typeof newSavedSearch>

/** What is searched for stays as it is: another search is another one to save. */
export const savedSearchChange = z.strictObject({
  name: name.optional(),
  active: z.boolean().optional().describe('false: keeps what was found and looks at nothing new'),
})

export const savedSearch = z.object({
  id: z.uuid(),
  workspace_id: z.uuid(),
  name: z.string(),
  text: z.string(),
  kinds: z.array(z.enum(searchKinds)).nullable().describe('null: all kinds'),
  person: z.object({ id: z.string(), email: z.string().nullable(), name: z.string().nullable() }).nullable().describe('null: everybody'),
  since: z.string().nullable(),
  until: z.string().nullable(),
  purpose: z.string(),
  owner: z.object({ id: z.string(), name: z.string() }).describe('Who saved it'),
  active: z.boolean(),
  created_at: instant,
  matches: z.int().describe('Found since it was saved, and still there'),
  new_matches: z.int().describe('Of these, how many nobody has been given yet'),
  last_match_at: instant.nullable().describe('When the newest of them was recorded'),
})
export type SavedSearch = z.output<typeof savedSearch>

export const savedSearchList = z.object({ data: z.array(savedSearch).describe('The newest first') })

export const matchesInput = z.strictObject({ purpose: searchPurpose, ...page })
