import { isObject, type JsonObject } from '../ledger/json.ts'

const longest = 200

/** Where a record says in short what it is; else its text. */
const fields = ['title', 'name', 'display_name', 'content', 'prompt', 'summary', 'type', 'text'] as const

/** A title, a name or the first characters of a text, so that somebody sees what they would open; null where there is nothing to read. */
export function excerptOf(record: JsonObject): string | null {
  for (const field of fields) {
    const text = textIn(record[field]).trim()
    if (text !== '') return shortened(text)
  }
  return null
}

function textIn(value: unknown): string {
  if (typeof value === 'string') return value.slice(0, 4 * longest)
  if (!Array.isArray(value)) return ''
  let text = ''
  for (const part of value) {
    if (text.length > longest) break
    if (isObject(part)) text += `${text === '' ? '' : '\n'}${partText(part)}`
  }
  return text
}

function partText(part: JsonObject): string {
  const said = part.text ?? part.name ?? part.input ?? part.content ?? part.value
  if (said === undefined || said === null) return ''
  return (typeof said === 'string' ? said : JSON.stringify(said)).slice(0, 4 * longest)
}

/** By whole characters: half of one would be none. */
function shortened(text: string): string {
  const characters = Array.from(text.slice(0, 2 * longest + 2))
  return characters.length <= longest ? characters.join('') : `${characters.slice(0, longest).join('')}…`
}
