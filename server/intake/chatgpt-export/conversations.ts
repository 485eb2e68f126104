import { type Entry, rejected } from '../archive/entry.ts'
import type { Found, JsonObject, Place } from '../found.ts'
import { canvasesOf, textdocRecord } from './canvases.ts'
import { type Conversation, readConversation } from './conversation.ts'
import { elementsOf, objectsOf, parse } from './elements.ts'
import { memoriesOf } from './memories.ts'
import { mentionsOf } from './pointers.ts'
import { fileFound, type Shelf } from './shelf.ts'
import { isObject } from './values.ts'

/** What reading one account's export has to remember: whose it is, and what was handed over already. */
export interface Account {
  personId: string
  /** The export's folder within the input. */
  root: string
  shelf: Shelf
  /** Files of `textdocs/` by the id of their canvas, as long as no conversation took them. */
  textdocs: Map<string, Entry>
  /** Canvas versions handed over: a conversation and its branch tell of the same ones. */
  versions: Set<string>
  resumeAt: (file: string) => number
}

export async function* readConversations(entry: Entry, account: Account): AsyncGenerator<Found> {
  for await (const element of elementsOf(entry, account.resumeAt(entry.path), (bytes) => remember(bytes, account))) {
    if (element.type === 'refused') yield element.rejected
    else if (isObject(element.value) && 'chat_messages' in element.value) {
      // Refused as a whole: thousands of conversations would become as many dead letters.
      yield rejected(entry.path, 'bad_record', 'this is an export of Claude, not of ChatGPT')
      return
    } else {
      const told = yield* readConversation(element.value, account.personId, element.at, element.doubts)
      if (told !== null) yield* derived(told, element.at, account)
    }
    if (element.done !== null) yield element.done
  }
}

/** What follows from a conversation's messages: memories, canvases, files. */
async function* derived(told: Conversation, at: Place, account: Account): AsyncGenerator<Found> {
  for (const record of memoriesOf(told, account.personId)) yield { type: 'record', record, at: { ...at, id: String(record.id) } }
  for (const { version, isLast } of newVersions(told, account)) {
    const record = isLast ? await completed(version, account) : version
    yield { type: 'record', record, at: { ...at, id: String(record.id) } }
  }
  for (const { id, message } of told.turns) {
    for (const mention of mentionsOf(message)) {
      const belonging = { person_id: account.personId, conversation_id: told.id, message_id: id }
      if (account.shelf.meets(mention.id)) yield* fileFound(account.shelf, mention, belonging, at)
    }
  }
}

function newVersions(told: Conversation, { personId, versions }: Account): { version: JsonObject; isLast: boolean }[] {
  const all = canvasesOf(told, personId)
  const last = new Map(all.map((version) => [version.id, version]))
  const fresh = all.filter((version) => !versions.has(nameOf(version)))
  for (const version of fresh) versions.add(nameOf(version))
  return fresh.map((version) => ({ version, isLast: last.get(version.id) === version }))
}

function nameOf({ id, version }: JsonObject): string {
  return `${id}/${version}`
}

/** The last version a conversation tells of, with the text of its file in `textdocs/`, if that is a single one. */
async function completed(version: JsonObject, account: Account): Promise<JsonObject> {
  const id = String(version.id)
  const entry = account.textdocs.get(id)
  if (entry === undefined) return version
  const [text, ...more] = await Array.fromAsync(objectsOf(entry, 0))
  if (text === undefined || !('object' in text) || more.length > 0) return version
  account.textdocs.delete(id)
  return textdocRecord(text.object, id, account.personId, version)
}

/** Members whose presence means that an element hands over more than its messages. */
const MARKS = ['asset_pointer', '"attachments"', 'image_url', 'textdoc_id']

/**
 * A conversation taken in an earlier run: its files and canvases count as handed over, so that a resumed run goes on exactly
 * as an uninterrupted one would have. Only elements that have any are parsed.
 */
async function remember(bytes: Buffer, account: Account): Promise<void> {
  if (!MARKS.some((mark) => bytes.includes(mark))) return
  const told = toldBefore(bytes, account.personId)
  if (told === null) return
  for (const { version, isLast } of newVersions(told, account)) if (isLast) await completed(version, account)
  for (const { message } of told.turns) for (const mention of mentionsOf(message)) account.shelf.meets(mention.id)
}

function toldBefore(bytes: Buffer, personId: string): Conversation | null {
  try {
    const { value, doubts } = parse(bytes)
    const reading = readConversation(value, personId, { file: '', index: null }, doubts)
    for (let next = reading.next(); ; next = reading.next()) if (next.done) return next.value
  } catch {
    return null
  }
}
