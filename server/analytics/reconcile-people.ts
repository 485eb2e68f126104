import type pg from 'pg'
import type { Context } from '../ledger/context.ts'
import type { PersonSeen } from './reconcile-effects.ts'
import { isWithin, type Said } from './reconcile-said.ts'
import { admits, isByPerson, isInside, isUnseen, personColumn, type RecordScope, settledMessages } from './reconcile-scope.ts'

/** What is known of each person, by number; nobody is person 0 and is left out. */
export class People {
  readonly #seen = new Map<number, PersonSeen>()

  add(person: number, { listed = false, spoken = false, counted = false }: Partial<PersonSeen>): void {
    if (person === 0) return
    const known = this.#seen.get(person)
    this.#seen.set(person, {
      listed: listed || (known?.listed ?? false),
      spoken: spoken || (known?.spoken ?? false),
      counted: counted || (known?.counted ?? false),
    })
  }

  values(): PersonSeen[] {
    return [...this.#seen.values()]
  }

  /** In the order of their numbers. */
  entries(): [number, PersonSeen][] {
    return [...this.#seen].sort(([a], [b]) => a - b)
  }
}

/** Whom the compliance API has on its users list: everybody of the record who is not only invited. */
export async function usersListed(client: pg.ClientBase, ctx: Context, { workspace, filters }: RecordScope): Promise<number[]> {
  const { rows } = await client.query<{ number: number }>(
    `select i.number from item i join person_version p on p.organization_id = i.organization_id and p.person = i.number and p.seq = i.seq
     where i.organization_id = $1 and i.workspace_id = $2 and i.kind = 'person' and i.seq is not null and i.purged_at is null and p.status is distinct from 'pending'`,
    [ctx.ledger.organization.number, workspace.number],
  )
  const wanted = filters.filter(({ id }) => id === 'person')
  return rows.map(({ number }) => number).filter((number) => wanted.every((filter) => admits(filter, number)))
}

/** Who wrote within the range, in conversations in which nothing has happened since the cursor. */
export async function settledSenders(
  client: pg.ClientBase,
  ctx: Context,
  scope: RecordScope,
): Promise<{ person: number; counted: boolean }[]> {
  const { from, values } = settledMessages(ctx, scope)
  const { rows } = await client.query<{ person: number; counted: boolean }>(
    `select ${personColumn} as person, bool_or(not ${isUnseen}) as counted
     ${from} and ${isInside} and ${isByPerson} group by 1`,
    values,
  )
  return rows
}

/** The same of a conversation that was worked out. */
export function addSaid(people: People, { period }: RecordScope, { messages }: Said): void {
  for (const { fact } of messages)
    if (fact.role === 'user' && isWithin(period, fact)) people.add(fact.person, { spoken: true, counted: fact.counted })
}
