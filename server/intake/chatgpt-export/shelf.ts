import type { Entry } from '../archive/entry.ts'
import type { Found, JsonObject, Place } from '../found.ts'
import type { Mention } from './pointers.ts'
import { known } from './values.ts'

const OWN_ID = /^(file[-_][A-Za-z0-9]+)/

/** The files of one export: which entry holds the bytes of which id, and what was handed over already. */
export class Shelf {
  readonly #byId = new Map<string, Entry>()
  readonly #names: ReadonlyMap<string, string>
  /** Each id once: two conversations may show the same file, and it stays the file of the first. */
  readonly #seen = new Set<string>()
  readonly #taken = new Set<Entry>()

  constructor(entries: Entry[], names: ReadonlyMap<string, string>) {
    this.#names = names
    for (const entry of entries) {
      const base = leafOf(entry.path)
      for (const id of [OWN_ID.exec(base)?.[1], stemOf(base)]) if (id !== undefined && !this.#byId.has(id)) this.#byId.set(id, entry)
    }
  }

  /** True the first time only. */
  meets(id: string): boolean {
    if (this.#seen.has(id)) return false
    this.#seen.add(id)
    const entry = this.entryOf(id)
    if (entry) this.#taken.add(entry)
    return true
  }

  /** The entry whose base name is the id, or starts with it. */
  entryOf(id: string): Entry | undefined {
    const exact = this.#byId.get(id)
    if (exact !== undefined) return exact
    const near = this.#byId.get(OWN_ID.exec(id)?.[1] ?? id)
    return near !== undefined && leafOf(near.path).startsWith(id) ? near : undefined
  }

  /** Whether some record has these bytes already. */
  isTaken(entry: Entry): boolean {
    return this.#taken.has(entry)
  }

  /** What the file was called: as the export's list of names has it, else what stands behind the id. */
  nameOf(entry: Entry): string | undefined {
    const base = leafOf(entry.path)
    const listed = this.#names.get(base) ?? this.#names.get(base.replace(/\.dat$/i, ''))
    if (listed !== undefined) return leafOf(listed)
    const behind = base.replace(OWN_ID, '').replace(/^[-_]/, '')
    return behind === '' || behind.startsWith('.') ? undefined : behind
  }
}

/** The id a file is named by: its own, else its base name without the ending. */
export function ownIdOf(entry: Entry): string {
  const base = leafOf(entry.path)
  return OWN_ID.exec(base)?.[1] ?? stemOf(base)
}

function stemOf(base: string): string {
  return base.replace(/\.[^.]*$/, '')
}

/** Names in an export may carry folders, with either slash; only what comes last is a name. */
export function leafOf(path: string): string {
  return path.split(/[\\/]/).findLast((step) => step !== '') ?? path
}

/** A `file` record with what belongs to it, then its bytes when the export has them. */
export function* fileFound(shelf: Shelf, mention: Mention, belonging: JsonObject, at: Place): Generator<Found> {
  const entry = shelf.entryOf(mention.id)
  const name = mention.name ?? (entry && shelf.nameOf(entry))
  const record = {
    kind: 'file',
    source: 'chatgpt',
    ...known({ id: mention.id, name, mime_type: mention.mime_type, size: mention.size ?? entry?.size }),
    ...belonging,
    origin: mention.origin,
  }
  yield { type: 'record', record, at: { ...at, id: mention.id } }
  if (entry) yield bytesFound(entry, mention.id, name)
}

export function bytesFound(entry: Entry, fileId: string, name: string | undefined): Found {
  return {
    type: 'bytes',
    fileId,
    name: name ?? leafOf(entry.path),
    size: entry.size,
    open: entry.open,
    at: { file: entry.path, index: null, id: fileId },
  }
}
