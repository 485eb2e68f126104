import type { JsonObject } from '../found.ts'
import { fileIdOf } from './pointers.ts'
import { isObject, listOf, textOf, without } from './values.ts'

export type Part = JsonObject & { type: string }

/** The parts a message's content becomes, and what of the content they do not carry. */
export interface Content {
  parts: Part[]
  rest?: unknown
}

/**
 * How each content type becomes parts; with the names of the members that went into them. Null: not in the shape that
 * is known. Then, as for a type that is not known, the whole content is kept raw.
 */
type Reader = (content: JsonObject, tool: string | undefined) => { parts: Part[]; carried: string[] } | null

export function contentOf(content: unknown, tool: string | undefined): Content {
  if (content === undefined) return { parts: [] }
  if (!isObject(content)) return content === null ? { parts: [], rest: null } : { parts: [{ type: 'raw', value: content }] }
  const read = READERS.get(String(content.content_type))?.(content, tool)
  if (!read) return { parts: [{ type: 'raw', value: content }] }
  return { parts: read.parts, rest: without(content, read.carried) }
}

const READERS = new Map<string, Reader>([
  ['text', spoken],
  ['multimodal_text', spoken],
  [
    'code',
    ({ language, text }) =>
      typeof text === 'string' ? { parts: [{ type: 'code', ...optionalLanguage(language), text }], carried: ['language', 'text'] } : null,
  ],
  ['execution_output', (content, tool) => result(content, tool, 'text')],
  ['tether_browsing_display', (content, tool) => result(content, tool, 'result', 'summary')],
  ['system_error', (content, tool) => result(content, tool, 'text', undefined, { is_error: true })],
  ['tether_quote', (content) => fields(content, ['text'])],
  ['sonic_webpage', (content) => fields(content, ['text', 'snippet'])],
  ['user_editable_context', (content) => fields(content, ['user_profile', 'user_instructions'])],
  ['model_editable_context', (content) => fields(content, ['model_set_context'])],
  ['thoughts', thoughts],
  [
    'reasoning_recap',
    ({ content, parts }) =>
      typeof content === 'string' ? { parts: [{ type: 'thinking', text: content }], carried: ['content'] } : muttered(parts),
  ],
])

function optionalLanguage(language: unknown): JsonObject {
  return typeof language === 'string' ? { language } : {}
}

function spoken(content: JsonObject): ReturnType<Reader> {
  return Array.isArray(content.parts) ? { parts: content.parts.map(partOf), carried: ['parts'] } : null
}

function partOf(value: unknown): Part {
  if (typeof value === 'string') return { type: 'text', text: value }
  // A part of the source that uses our own names for something else would be overwritten.
  if (!isObject(value) || 'type' in value || 'file_id' in value) return { type: 'raw', value }
  const kind = String(value.content_type)
  if (kind === 'audio_transcription' && typeof value.text === 'string') return { ...value, type: 'text' }
  const pointer = MEDIA.get(kind)?.(value)
  if (pointer?.fileId !== undefined) return { ...value, type: pointer.type, file_id: pointer.fileId }
  return { type: 'raw', value }
}

const MEDIA = new Map<string, (part: JsonObject) => { type: string; fileId: string | undefined }>([
  ['image_asset_pointer', (part) => ({ type: 'image', fileId: fileIdOf(part.asset_pointer) })],
  ['audio_asset_pointer', (part) => ({ type: 'audio', fileId: fileIdOf(part.asset_pointer) })],
  ['video_container_asset_pointer', (part) => ({ type: 'video', fileId: fileIdOf(part.asset_pointer) })],
  ['real_time_user_audio_video_asset_pointer', liveCall],
])

/** A live call names its video if there is one, else its sound; the other pointers stay in the part. */
function liveCall(part: JsonObject): { type: string; fileId: string | undefined } {
  const { video_container_asset_pointer: video, audio_asset_pointer: audio } = part
  const shown = isObject(video) ? fileIdOf(video.asset_pointer) : fileIdOf(video)
  if (shown !== undefined) return { type: 'video', fileId: shown }
  return { type: 'audio', fileId: isObject(audio) ? fileIdOf(audio.asset_pointer) : fileIdOf(audio) }
}

function result(content: JsonObject, tool: string | undefined, main: string, more?: string, facts: JsonObject = {}): ReturnType<Reader> {
  if (typeof content[main] !== 'string') return null
  const parts: Part[] = [{ type: 'tool_result', ...(tool === undefined ? {} : { name: tool }), content: content[main], ...facts }]
  const addition = more === undefined ? undefined : textOf(content[more])
  if (more === undefined || addition === undefined) return { parts, carried: [main] }
  return { parts: [...parts, { type: 'text', field: more, text: addition }], carried: [main, more] }
}

/** Texts under their names: which of them was which must not be lost. */
function fields(content: JsonObject, names: string[]): ReturnType<Reader> {
  const carried = names.filter((name) => typeof content[name] === 'string')
  return carried.length === 0 ? null : { parts: carried.map((name) => ({ type: 'text', field: name, text: content[name] })), carried }
}

function thoughts(content: JsonObject): ReturnType<Reader> {
  if (!Array.isArray(content.thoughts)) return muttered(content.parts)
  const parts = listOf(content.thoughts).map((thought): Part => {
    if (!isObject(thought) || typeof thought.content !== 'string' || 'type' in thought || 'text' in thought)
      return { type: 'raw', value: thought }
    const { content: text, ...rest } = thought
    return { ...rest, type: 'thinking', text }
  })
  return { parts, carried: ['thoughts'] }
}

function muttered(parts: unknown): ReturnType<Reader> {
  if (!Array.isArray(parts)) return null
  return {
    parts: parts.map((part) => (typeof part === 'string' ? { type: 'thinking', text: part } : { type: 'raw', value: part })),
    carried: ['parts'],
  }
}
