import { useSyncExternalStore } from 'react'

/** What a screen reader says without being moved: results, downloads, changes of state. */
let text = ''
const readers = new Set<() => void>()

export function announce(words: string): void {
  text = words
  for (const tell of readers) tell()
}

export function Announcer() {
  const words = useSyncExternalStore(subscribe, () => text)
  return (
    <div className="unseen" role="status" aria-live="polite">
      {words}
    </div>
  )
}

function subscribe(tell: () => void): () => void {
  readers.add(tell)
  return () => readers.delete(tell)
}
