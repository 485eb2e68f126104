import { useSyncExternalStore } from 'react'
import { page } from '../page.ts'

/** Kept in this tab, and for this person: whoever signs in after them states their own. */
const place = `daybook-purpose ${page.person.name}`
const readers = new Set<() => void>()

export function setPurpose(purpose: string | null): void {
  if (purpose === null) sessionStorage.removeItem(place)
  else sessionStorage.setItem(place, purpose)
  for (const tell of readers) tell()
}

/** Why the record is read in this tab; null: it was not said yet. */
export function usePurpose(): string | null {
  return useSyncExternalStore(subscribe, () => sessionStorage.getItem(place))
}

function subscribe(tell: () => void): () => void {
  readers.add(tell)
  return () => readers.delete(tell)
}
