import type { JsonObject } from '../found.ts'
import { objectOf } from './values.ts'

const INSTRUCTIONS = new Set(['user_editable_context', 'model_editable_context'])
const REASONING = new Set(['thoughts', 'reasoning_recap'])

/**
 * Not shown to the person: marked so, or without weight, or of the system, or custom instructions, or said to a tool
 * instead of to everyone, or reasoning.
 */
export function isHidden(message: JsonObject): boolean {
  const kind = String(objectOf(message.content).content_type)
  return (
    isHiddenBySource(message) ||
    objectOf(message.author).role === 'system' ||
    isInstructions(message) ||
    addressee(message) !== 'all' ||
    REASONING.has(kind)
  )
}

/** Written by the system in someone's name: never a prompt of theirs. */
export function isInjected(message: JsonObject): boolean {
  const author = objectOf(message.author)
  const started =
    objectOf(author.metadata).is_system_initiated_conversation === true ||
    objectOf(message.metadata).is_system_initiated_conversation === true
  return isInstructions(message) || (author.role === 'user' && (started || isHiddenBySource(message)))
}

/** A call goes to a tool by its name; what a tool answers goes to `assistant`, and what is for the person to `all`. */
export function calledTool(message: JsonObject): string | undefined {
  const to = addressee(message)
  return objectOf(message.author).role === 'assistant' && to !== 'all' && to !== 'assistant' ? to : undefined
}

function addressee(message: JsonObject): string {
  return typeof message.recipient === 'string' && message.recipient !== '' ? message.recipient : 'all'
}

function isHiddenBySource(message: JsonObject): boolean {
  return objectOf(message.metadata).is_visually_hidden_from_conversation === true || message.weight === 0
}

function isInstructions(message: JsonObject): boolean {
  return INSTRUCTIONS.has(String(objectOf(message.content).content_type)) || objectOf(message.metadata).is_user_system_message === true
}
