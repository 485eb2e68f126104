import { z } from 'zod'

/** The access record as the page and the API read it. */

export const accessQuery = z.object({
  before: z.coerce.number().int().positive().optional().describe('Only entries before this seq: `next_before` of the page before'),
  limit: z.coerce.number().int().min(1).max(500).default(50).describe('At most so many entries'),
  outcome: z.enum(['allowed', 'denied']).optional().describe('Only what was allowed, or only what was denied'),
  action: z.string().max(100).optional().describe('Only this action, such as `conversations.list`, or all that begin with it'),
})

const accessEntry = z.object({
  seq: z.int().describe('Place in the commit sequence'),
  id: z.string(),
  kind: z.enum(['access', 'change']).describe('`access` for what was read, `change` for what was changed'),
  occurred_at: z.string(),
  action: z.string(),
  outcome: z.enum(['allowed', 'denied']),
  reason: z.string().nullable().describe('Why it was denied'),
  actor: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
  workspace_id: z.string().nullable().describe('null: about the organization as a whole'),
  address: z.string().nullable(),
  request_id: z.string().nullable(),
  query: z.record(z.string(), z.unknown()).describe('Parameters that hold no content'),
  count: z.int().describe('How many items were handed out or changed'),
  ids: z.array(z.string()).nullable().describe('Which ones; null beyond a hundred, where `ids_root` stands for them'),
  ids_root: z.string().nullable().describe('RFC 6962 Merkle root over the ids'),
})
export type AccessEntry = z.output<typeof accessEntry>

export const accessPage = z.object({
  data: z.array(accessEntry).describe('Newest first'),
  next_before: z.int().nullable().describe('Go on with before=; null at the beginning of the record'),
})
export type AccessPage = z.output<typeof accessPage>
