import type { JsonObject } from '../found.ts'
import { isObject, known, listOf, objectOf, textOf } from './values.ts'

/** A file as one message speaks of it. */
export interface Mention {
  id: string
  name?: string
  mime_type?: string
  size?: number
  origin: 'upload' | 'generated'
}

/** `file-service://file-…` and `sediment://file_…`, the latter sometimes with the page of a document behind `#`. */
export function fileIdOf(pointer: unknown): string | undefined {
  const text = textOf(pointer)
  if (text === undefined) return undefined
  const steps = text.slice(text.indexOf('://') < 0 ? 0 : text.indexOf('://') + 3).split('#')
  return textOf(steps.find((step) => /^file[-_]/.test(step)) ?? steps[0])
}

/** Every file a message speaks of, each once: attachments first, because they name it. */
export function mentionsOf(message: JsonObject): Mention[] {
  const metadata = objectOf(message.metadata)
  const origin = objectOf(message.author).role === 'user' ? 'upload' : 'generated'
  const found = new Map<string, Mention>()
  for (const attachment of listOf(metadata.attachments)) add(found, attached(attachment))
  for (const pointer of pointersIn(objectOf(message.content).parts)) {
    add(found, mention(fileIdOf(pointer.asset_pointer), { size: sizeOf(pointer.size_bytes) }, origin))
  }
  // Pictures that the code interpreter drew are named only in its result.
  for (const drawn of listOf(objectOf(metadata.aggregate_result).messages)) {
    const url = textOf(objectOf(drawn).image_url)
    if (url !== undefined && /^(file-service|sediment):\/\//.test(url)) add(found, mention(fileIdOf(url), {}, 'generated'))
  }
  return [...found.values()]
}

function add(found: Map<string, Mention>, next: Mention | null): void {
  if (next === null) return
  const before = found.get(next.id)
  found.set(next.id, before === undefined ? next : { ...next, ...before })
}

function attached(value: unknown): Mention | null {
  const file = objectOf(value)
  const facts = { name: textOf(file.name), mime_type: textOf(file.mime_type) ?? textOf(file.mimeType), size: sizeOf(file.size) }
  return mention(textOf(file.file_id) ?? textOf(file.id), facts, 'upload')
}

function mention(id: string | undefined, facts: JsonObject, origin: Mention['origin']): Mention | null {
  return id === undefined ? null : { ...known(facts), id, origin }
}

export function sizeOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined
}

/** Pointers among the parts of a message; a part of a live call holds several. */
function* pointersIn(parts: unknown): Generator<JsonObject> {
  for (const part of listOf(parts)) {
    if (!isObject(part)) continue
    if (part.asset_pointer !== undefined) yield part
    for (const inner of Object.values(part).flat()) if (isObject(inner) && inner.asset_pointer !== undefined) yield inner
  }
}
