import { type Group, groupSets, type Membership, type SourceRole, sourceRoles } from './groups.ts'
import type { Filter } from './query-question.ts'
import type { Binds, BindType } from './sql.ts'

/**
 * Groups and roles are not in the facts, which know people by number only: they are put to the engine as arrays, as of the end of the
 * period that is asked about.
 */

/** A row counts for each group of its person, and for none where there is none. As text: a large array of arrays is slow to read. */
export function groupKey(membership: Membership | null, binds: Binds): string {
  const { people, of, sets } = groupSets(known(membership))
  if (people.length === 0) return 'arrayJoin(emptyArrayUInt64())'
  const place = `transform(person, ${long(binds, 'Array(UInt64)', people)}, ${long(binds, 'Array(UInt32)', of)}, 0)`
  const set = `arrayElement(splitByChar(';', ${longText(binds, sets.join(';'))}), ${place})`
  return `toUInt64(arrayJoin(arrayFilter(x -> x != '', splitByChar(',', ${set}))))`
}

interface Figures {
  /** What is broken down by, `key_group` among it. */
  readonly keys: readonly string[]
  readonly columns: readonly string[]
  readonly membership: Membership | null
}

/** Figures by person as figures by group. With people added up before, it does not matter how many rows they have. */
export function spreadOverGroups(byPerson: string, { keys, columns, membership }: Figures, binds: Binds): string {
  const groups = [...known(membership).groups.values()].filter(({ members }) => members.size > 0)
  const pairs = groups.length === 0 ? 'select toUInt64(0) as key_group, toUInt64(0) as member where 0' : pairsOf(groups, binds)
  const sums = columns.map((column) => `sum(counted.${column}) as ${column}`)
  return `select ${[...keys, ...sums].join(', ')} from (${byPerson}) as counted
    inner join (${pairs}) as belongs on counted.key_person = belongs.member group by ${keys.join(', ')}`
}

function pairsOf(groups: readonly Group[], binds: Binds): string {
  const text = groups.map(({ number, members }) => `${number}:${[...members].join(',')}`).join(';')
  return `select toUInt64(splitByChar(':', one)[1]) as key_group, toUInt64(arrayJoin(splitByChar(',', splitByChar(':', one)[2]))) as member
    from (select arrayJoin(splitByChar(';', ${longText(binds, text)})) as one)`
}

/** Everybody has one; that of most is not known to be another. */
export function roleKey(membership: Membership | null, binds: Binds): string {
  const { roles } = known(membership)
  if (roles.size === 0) return `materialize('${unknown}')`
  return `transform(person, ${long(binds, 'Array(UInt64)', [...roles.keys()])}, ${long(binds, 'Array(String)', [...roles.values()])}, '${unknown}')`
}

const unknown = 'unknown' satisfies SourceRole

/** A filter on groups or roles as conditions on the person. */
export function peopleConditions({ id, any, none }: Filter, membership: Membership | null, binds: Binds): string[] {
  const within = (values: Filter['any']) =>
    id === 'group' ? inGroups(values, known(membership), binds) : inRoles(values, known(membership), binds)
  return [...(any.length > 0 ? [within(any)] : []), ...(none.length > 0 ? [`not ${within(none)}`] : [])]
}

function inGroups(numbers: Filter['any'], { groups }: Membership, binds: Binds): string {
  return inPeople(new Set(numbers.flatMap((number) => [...(groups.get(Number(number))?.members ?? [])])), binds)
}

/** Who has no role that is known cannot be listed: they are who has no other one. */
function inRoles(wanted: Filter['any'], { roles }: Membership, binds: Binds): string {
  const having = (some: readonly (string | number)[]) => [...roles].filter(([, role]) => some.includes(role)).map(([person]) => person)
  if (!wanted.includes(unknown)) return inPeople(having(wanted), binds)
  return `(not ${inPeople(having(sourceRoles.filter((role) => !wanted.includes(role))), binds)})`
}

/** `person in (…)` of any length; of nobody it holds for no row. */
export function inPeople(people: Iterable<number>, binds: Binds): string {
  return `(${pieces([...people])
    .map((piece) => `person in ${binds.bind('Array(UInt64)', piece)}`)
    .join(' or ')})`
}

/** A constant array of any length. */
export function long(binds: Binds, type: BindType, values: readonly unknown[]): string {
  const bound = pieces(values).map((piece) => binds.bind(type, piece))
  return bound.length === 1 ? (bound[0] ?? '') : `arrayConcat(${bound.join(', ')})`
}

/** A text of any length. */
function longText(binds: Binds, text: string): string {
  const bound = cut(text, longestValue).map((piece) => binds.bind('String', piece))
  return bound.length === 1 ? (bound[0] ?? '') : `concat(${bound.join(', ')})`
}

/** A server of ClickHouse takes 128 KB for one value; a number with its comma has less than ten characters, and a text none to escape. */
const longestValue = 100_000
const pieces = (values: readonly unknown[]) => cut(values, longestValue / 10)

function cut<T extends string | readonly unknown[]>(whole: T, length: number): T[] {
  const count = Math.max(1, Math.ceil(whole.length / length))
  // A piece of a text is a text, and one of a list a list.
  return Array.from({ length: count }, (_, i) => whole.slice(i * length, (i + 1) * length) as T)
}

function known(membership: Membership | null): Membership {
  if (!membership) throw new Error('a question about groups or roles was asked without who belongs to them')
  return membership
}
