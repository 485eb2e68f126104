import type pg from 'pg'
import type { Head } from './append.ts'
import { placesOf } from './purge-erase.ts'
import type { Located } from './purge-locate.ts'
import type { Reach } from './purge-target.ts'

/** Marks what is erased, so that it is answered with 404 and not taken again; what would recognize an equal payload goes. */
export async function setPurged(
  tx: pg.ClientBase,
  organization: number,
  { kind, number }: Located,
  { items, messages, at }: Reach & { readonly at: string },
): Promise<void> {
  await tx.query(
    'update item set purged_at = coalesce(purged_at, $3), fingerprint = null where organization_id = $1 and number = any($2::bigint[])',
    [organization, items, at],
  )
  await tx.query('update version set fingerprint = null where organization_id = $1 and item = any($2::bigint[])', [organization, items])
  await tx.query(
    `update message m set purged_at = $4, fingerprint = null from unnest($2::bigint[], $3::bigint[]) as k (conversation, first_seq)
     where m.organization_id = $1 and m.conversation = k.conversation and m.first_seq = k.first_seq`,
    [organization, ...placesOf(messages), at],
  )
  await tx.query(
    `update message_version v set fingerprint = null from unnest($2::bigint[], $3::bigint[]) as k (conversation, first_seq)
     where v.organization_id = $1 and v.conversation = k.conversation and v.first_seq = k.first_seq`,
    [organization, ...placesOf(messages)],
  )
  if (kind === 'conversation')
    await tx.query('update conversation set purged_at = $3 where organization_id = $1 and number = $2', [organization, number, at])
}

/** Readers of a conversation see it differently once a message or a file of it is gone, so it moves in their list. */
export async function moveConversation(
  tx: pg.ClientBase,
  organization: number,
  { kind, conversation }: Located,
  { firstSeq, committedAt }: Head,
): Promise<void> {
  if (conversation === null || (kind !== 'message' && kind !== 'file')) return
  await tx.query(
    'update conversation set position = $3, changed_at = $4 where organization_id = $1 and number = $2 and purged_at is null',
    [organization, conversation, firstSeq, committedAt],
  )
}
