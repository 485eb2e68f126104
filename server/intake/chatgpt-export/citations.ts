import type { JsonObject } from '../found.ts'
import { isObject, listOf, objectOf } from './values.ts'

/** Where a message says it has its words from: the page it quotes, then the three forms of three generations of exports. */
export function citedUrls(message: JsonObject): string[] {
  const metadata = objectOf(message.metadata)
  const urls = new Set<string>()
  const { url } = objectOf(message.content)
  collect({ url }, urls)
  for (const citation of listOf(metadata.citations)) collect(objectOf(citation).metadata, urls)
  for (const reference of listOf(metadata.content_references)) collect(reference, urls)
  collect(objectOf(metadata._cite_metadata).metadata_list, urls)
  return [...urls]
}

/** References nest (`items`, `sources`, `fallback_items`); every one of them says `url`. */
function collect(value: unknown, urls: Set<string>): void {
  const open: unknown[] = [value]
  for (const next of open) {
    if (isObject(next) && typeof next.url === 'string' && /^https?:\/\//.test(next.url)) urls.add(next.url)
    if (isObject(next) || Array.isArray(next))
      for (const member of Object.values(next)) if (typeof member === 'object' && member !== null) open.push(member)
  }
}
