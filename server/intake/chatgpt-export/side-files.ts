import { type Entry, rejected } from '../archive/entry.ts'
import type { Found } from '../found.ts'
import { textdocRecord } from './canvases.ts'
import type { Account } from './conversations.ts'
import { refusal } from './doubts.ts'
import { objectsOf } from './elements.ts'
import { bytesFound, leafOf, ownIdOf } from './shelf.ts'
import { libraryRecord, type SideRecord } from './side-records.ts'
import { known, listOf, objectOf } from './values.ts'

/** A side file: each element is one record. */
export async function* readSide(entry: Entry, make: SideRecord, { personId, resumeAt }: Account): AsyncGenerator<Found> {
  for await (const read of objectsOf(entry, resumeAt(entry.path))) {
    if ('rejected' in read) yield read.rejected
    else {
      const record = make(read.object, personId)
      if (typeof record === 'string') yield refusal({ code: 'bad_field', message: record }, read.object, read.at)
      else yield { type: 'record', record, at: { ...read.at, id: String(record.id) } }
    }
    if (read.done !== null) yield read.done
  }
}

/** The list of the account's library comes before the conversations: it knows more of a file than they do. */
export async function* readLibrary(entry: Entry, { personId, shelf, resumeAt }: Account): AsyncGenerator<Found> {
  const from = resumeAt(entry.path)
  for await (const read of objectsOf(entry, 0)) {
    const record = 'object' in read ? libraryRecord(read.object, personId) : null
    const isNew = record !== null && typeof record !== 'string' && shelf.meets(String(record.id))
    if (('object' in read ? read.at.index : (read.rejected.at.index ?? from)) < from) continue
    if ('rejected' in read) yield read.rejected
    else if (typeof record === 'string') yield refusal({ code: 'bad_field', message: record }, read.object, read.at)
    else if (isNew) {
      const id = String(record.id)
      const held = shelf.entryOf(id)
      yield { type: 'record', record, at: { ...read.at, id } }
      if (held) yield bytesFound(held, id, typeof record.name === 'string' ? record.name : undefined)
    }
    if (read.done !== null) yield read.done
  }
}

/** Texts of canvases that no conversation told of. */
export async function* readTextdocs({ personId, textdocs, resumeAt }: Account): AsyncGenerator<Found> {
  for (const [id, entry] of textdocs) {
    for await (const read of objectsOf(entry, resumeAt(entry.path))) {
      if ('rejected' in read) yield read.rejected
      else yield { type: 'record', record: textdocRecord(read.object, id, personId, undefined), at: { ...read.at, id } }
      if (read.done !== null) yield read.done
    }
  }
}

/** Files that no message and no list speaks of: they are the account's all the same. */
export function* readLeftovers(files: Entry[], { personId, root, shelf, resumeAt }: Account): Generator<Found> {
  for (const entry of files.filter((file) => !shelf.isTaken(file))) {
    const own = ownIdOf(entry)
    // Without an id of its own, the place in the account's export is what stays the same.
    const id = /^file[-_]/.test(own) && shelf.meets(own) ? own : `${personId}/${entry.path.slice(root.length)}`
    if (resumeAt(entry.path) > 0) continue
    const name = shelf.nameOf(entry)
    const record = {
      kind: 'file',
      source: 'chatgpt',
      id,
      ...known({ name, size: entry.size }),
      person_id: personId,
      origin: 'library',
    }
    yield { type: 'record', record, at: { file: entry.path, index: null, id } }
    yield bytesFound(entry, id, name)
    yield { type: 'step', file: entry.path, index: 0, bytesRead: entry.size, bytesTotal: entry.size }
  }
}

/** What the files of the export were called before they were exported; without the list they keep the names they have. */
export async function* readNames(entries: Entry[]): AsyncGenerator<Found, Map<string, string>> {
  const names = new Map<string, string>()
  for (const entry of entries) {
    for await (const read of objectsOf(entry, 0)) {
      if ('rejected' in read) yield read.rejected
      else for (const [file, name] of Object.entries(read.object)) if (typeof name === 'string') names.set(file, name)
    }
  }
  return names
}

/** Conversation files that the export itself lists and that are not here: the rest of a torn download looks complete without this. */
export async function* missingParts(manifest: Entry, root: string, paths: Set<string>): AsyncGenerator<Found> {
  for await (const read of objectsOf(manifest, 0)) {
    if ('rejected' in read) yield read.rejected
    const listed = 'object' in read ? objectOf(objectOf(read.object.logical_files)['conversations.json']).files : []
    for (const name of listOf(listed)) {
      if (typeof name !== 'string' || paths.has(root + name)) continue
      yield rejected(`${root}${leafOf(name)}`, 'bad_archive', 'missing: the list in export_manifest.json names it')
    }
  }
}
