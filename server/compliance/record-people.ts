import { type PeopleReply, peopleInput, peopleLimit } from '../../contract/record.ts'
import type { Context } from '../ledger/context.ts'
import { question } from '../ledger/question.ts'
import { openPacked, type PackedRow, packedColumn, rowsOf } from '../ledger/read.ts'
import { workspaceOf } from '../people/workspaces.ts'
import { textOrNull } from './openai-common.ts'
import { present } from './openai-conversations.ts'
import { loadPeople } from './people-named.ts'

/** POST /api/record/people: who is meant by an id, an e-mail address or a part of a name. */
export const recordPeople = question({
  action: 'record.people',
  scope: 'compliance:read',
  input: peopleInput,
  workspace: (ctx, input) => workspaceOf(ctx, input.workspace_id),
  words: ({ text }) => text,
  async ask(ctx, { text }, workspace): Promise<{ ids: string[]; result: PeopleReply }> {
    const found = await peopleMeant(ctx, present(workspace).number, text)
    const numbers = found.slice(0, peopleLimit).map(({ number }) => number)
    const people = await loadPeople(ctx, numbers)
    const data = numbers.flatMap((number) => people.get(number) ?? [])
    return { ids: data.map(({ id }) => id), result: { data, has_more: found.length > peopleLimit } }
  },
})

interface Known {
  readonly number: number
  readonly ids: readonly string[]
  /** Of all versions, the newest last. */
  readonly emails: readonly string[]
  readonly names: readonly string[]
}

interface Found {
  readonly number: number
  readonly closeness: number
  readonly label: string
}

/** How close a text comes to somebody: the lower, the closer. */
const closeness = { exactly: 0, atTheBeginning: 1, within: 2 } as const

/** Who has exactly this id or address is meant alone; else everybody of whom all words are known, those first of whose words they are the beginnings. */
async function peopleMeant(ctx: Context, workspace: number, text: string): Promise<Found[]> {
  const wanted = plain(text)
  const found: Found[] = []
  for await (const known of everybody(ctx, workspace)) {
    const closest = closenessOf(wanted, known)
    if (closest === null) continue
    const label = known.names.at(-1) ?? known.emails.at(-1) ?? ''
    found.push({ number: known.number, closeness: closest, label })
  }
  found.sort((a, b) => a.closeness - b.closeness || compare(a.label, b.label) || a.number - b.number)
  return found[0]?.closeness === closeness.exactly ? found.filter((one) => one.closeness === closeness.exactly) : found
}

function closenessOf(wanted: string, { ids, emails, names }: Known): number | null {
  if ([...ids, ...emails].map(plain).includes(wanted)) return closeness.exactly
  const words = wanted.split(/\s+/)
  const said = [...emails, ...names].map(plain)
  if (!words.every((word) => said.some((one) => one.includes(word)))) return null
  const beginnings = said.flatMap((one) => [one, ...one.split(/[\s@.-]+/)])
  return words.every((word) => beginnings.some((one) => one.startsWith(word))) ? closeness.atTheBeginning : closeness.within
}

const { compare } = new Intl.Collator('en')

const plain = (text: string) => text.normalize('NFKC').toLowerCase()

/** People at once. Names and addresses are in sealed records alone, so all of them are opened. */
const chunk = 1000

interface PersonRow extends PackedRow {
  number: number
  id: string
  wire_id: string
}

async function* everybody(ctx: Context, workspace: number): AsyncGenerator<Known> {
  const { database, organization } = ctx.ledger
  for (let after: string | null = ''; after !== null; ) {
    const rows: PersonRow[] = await rowsOf<PersonRow>(
      database,
      'people by name',
      `select i.number, i.id, i.wire_id, ${packedColumn} from (
         select organization_id, number, id, coalesce(wire_id, id) as wire_id from item
         where organization_id = $1 and workspace_id = $2 and kind = 'person' and coalesce(wire_id, id) collate "C" > $3
         order by coalesce(wire_id, id) collate "C" limit $4) i
       left join version v on v.organization_id = i.organization_id and v.item = i.number
       left join log l on l.organization_id = v.organization_id and l.seq = v.seq
       left join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq
       order by i.wire_id collate "C", v.seq`,
      [organization.number, workspace, after, chunk],
    )
    const people = Map.groupBy(rows, ({ number }) => number)
    for (const [number, versions] of people) {
      const records = versions.map((version) => openPacked(organization, version))
      const of = (field: string) => records.flatMap((record) => textOrNull(record?.[field]) ?? [])
      const ids = versions.slice(0, 1).flatMap(({ id, wire_id }) => [id, wire_id])
      yield { number, ids, emails: of('email'), names: of('name') }
    }
    after = people.size < chunk ? null : (rows.at(-1)?.wire_id ?? null)
  }
}
