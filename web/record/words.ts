import type { RecordEntry, ShownMessage, ShownPerson } from '../../contract/record.ts'
import { recordKinds } from '../../contract/records.ts'
import { utcMoment } from '../format.ts'
import { kindWords } from '../sources/words.ts'

/** A moment in words, always in UTC. */
export function momentWords(at: string): string {
  const { day, time } = utcMoment(at)
  return `${day}, ${time} UTC`
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

export const kindName = (kind: string): string => capital(kindWords(kind, 1))

/** Kinds for a list to choose from, by their names. */
export const kindOptions = recordKinds
  .map((kind) => ({ value: kind, name: kindName(kind) }))
  .toSorted((a, b) => a.name.localeCompare(b.name))

export const personWords = ({ id, email, name }: ShownPerson): string => name ?? email ?? id

const roleNames: Record<string, string> = { user: 'User', assistant: 'Assistant', system: 'System', tool: 'Tool' }
export const roleName = (role: string): string => roleNames[role] ?? 'Message'

/** What an entry is, in two words at most. */
export function entryName({ kind, role }: Pick<RecordEntry, 'kind' | 'role'>): string {
  return kind === 'message' && role !== null ? `Message, ${role}` : kindName(kind)
}

/** What sets a message apart, in words: nothing of it is said by a color alone. */
export function marksOf({ hidden, injected, deleted_at, seq, role }: ShownMessage): string[] {
  return [
    ...(role === 'system' ? ['system message'] : []),
    ...(hidden ? ['hidden in the product'] : []),
    ...(injected ? ["written by the system in somebody's name"] : []),
    ...(deleted_at === null ? [] : [`deleted at its source on ${momentWords(deleted_at)}`]),
    ...(seq === null ? ['only its deletion is in the record'] : []),
  ]
}

const units = ['bytes', 'kB', 'MB', 'GB']

/** A size in the largest unit of which there is one. */
export function sizeWords(bytes: number): string {
  const unit = Math.min(units.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** unit
  return `${unit === 0 ? value : value.toLocaleString('en-GB', { maximumFractionDigits: 1 })} ${bytes === 1 ? 'byte' : units[unit]}`
}
