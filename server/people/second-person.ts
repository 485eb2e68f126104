import type pg from 'pg'
import { z } from 'zod'
import type { Ledger } from '../ledger/context.ts'
import { openRow, type SealedRow } from '../ledger/read.ts'

/**
 * Whether two members are one person with two accounts. They are when they share a mailbox (letter case and what follows a `+` do not
 * make another), the directory's id, or a person of the record who is known by the addresses of both. An address that
 * a provider told of counts like the one a member is known by. Who doubts is refused: a second person must be one beyond doubt.
 */
export async function isSamePerson(tx: pg.ClientBase, ledger: Ledger, one: string, other: string): Promise<boolean> {
  if (one === other) return true
  const [a, b] = [await tracesOf(tx, ledger, one), await tracesOf(tx, ledger, other)]
  if (shares(a, b)) return true
  const groups = await recordedPeople(ledger)
  return groups.some((group) => shares(group, a) && shares(group, b))
}

/** By what a member can be recognized. */
async function tracesOf(tx: pg.ClientBase, ledger: Ledger, member: string): Promise<Set<string>> {
  const { rows } = await tx.query<{ email: string | null; directory_id: string | null }>(
    `select email, directory_id from member where organization_id = $1 and id = $2
     union all select email, null from identity where organization_id = $1 and member_id = $2`,
    [ledger.organization.number, member],
  )
  return new Set(rows.flatMap(({ email, directory_id }) => traces([email], directory_id)))
}

const person = z.looseObject({
  email: z.string().nullish().catch(null),
  directory_id: z.string().nullish().catch(null),
  former_emails: z.array(z.string()).nullish().catch(null),
})

/** The people of the record, each as the traces they are known by. Reads all of them: it is asked when somebody approves, not by every request. */
async function recordedPeople(ledger: Ledger): Promise<Set<string>[]> {
  const { rows } = await ledger.database.reads.query<SealedRow>(
    `select l.commitment, l.payload, s.salt from item i
     join log l on l.organization_id = i.organization_id and l.seq = i.seq
     join salts.log s on s.organization_id = i.organization_id and s.seq = i.seq
     where i.organization_id = $1 and i.kind = 'person' and i.seq is not null`,
    [ledger.organization.number],
  )
  return rows.flatMap((row) => {
    const known = person.safeParse(openRow(ledger.organization, row))
    if (!known.success) return []
    const { email = null, directory_id = null, former_emails } = known.data
    return [new Set(traces([email, ...(former_emails ?? [])], directory_id))]
  })
}

function traces(emails: readonly (string | null)[], directoryId: string | null): string[] {
  const mailboxes = emails.flatMap((email) => (email === null ? [] : [`mailbox ${mailboxOf(email)}`]))
  return directoryId === null ? mailboxes : [...mailboxes, `directory ${directoryId}`]
}

/** `Ada+audit@Example.com` is delivered to ada@example.com. */
export function mailboxOf(email: string): string {
  return email.toLowerCase().replace(/\+[^@]*(?=@[^@]*$)/, '')
}

function shares(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return [...a].some((trace) => b.has(trace))
}
