import { z } from 'zod'

/** Proof of what was deleted from the record: without a word of it. */

export const receiptsQuery = z.object({
  workspace_id: z.string().optional().describe('Only of this workspace'),
  after: z.coerce.number().int().nonnegative().default(0).describe('Only receipts after this one: `next` of the page before'),
  limit: z.coerce.number().int().min(1).max(500).default(100).describe('At most so many receipts'),
})

const receiptFields = {
  id: z.uuid(),
  seq: z.int().describe('Place of the tombstone in the commit sequence'),
  workspace_id: z.string(),
  at: z.string().describe('When it was committed'),
  reason: z.string().describe('`api`: a DELETE of one item'),
  request_id: z.string().describe('The request that asked for it, as in the access record'),
  actor: z.object({ kind: z.string(), id: z.string() }),
  item: z.object({ kind: z.string(), id: z.string().describe('As it stood on the wire'), number: z.int() }),
}

export const receipt = z.object({
  ...receiptFields,
  entries: z
    .array(z.object({ seq: z.int(), kind: z.string(), commitment: z.string().describe('Base64') }))
    .describe('Every entry of the log whose content is gone, each with the commitment that stays in its place'),
  blobs: z.int().describe('How many stored files lost their last reference and are gone'),
  dead_letters: z.array(z.int()).describe('Refused input under the same ids that is gone as well'),
})
export type Receipt = z.output<typeof receipt>

export const receiptPage = z.object({
  data: z
    .array(z.object({ ...receiptFields, entries: z.int().describe('How many entries of the log lost their content') }))
    .describe('In the order in which they were made'),
  next: z.int().nullable().describe('Go on with after=; null: there are no more'),
})
export type ReceiptPage = z.output<typeof receiptPage>
