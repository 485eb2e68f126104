import type { Workspace } from './context.ts'

/** The place of a message: its conversation, and the seq it first arrived at. */
export interface MessagePlace {
  readonly conversation: number
  readonly firstSeq: number
}

/** What is to be erased, in all its versions: an item by its number, or a message. */
export type Target =
  | { readonly workspace: Workspace; readonly item: number }
  | { readonly workspace: Workspace; readonly message: MessagePlace }

/** Everything that goes together: items by number, and messages. */
export interface Reach {
  readonly items: readonly number[]
  readonly messages: readonly MessagePlace[]
}

/** On whose word something is erased, and why. */
export interface Why {
  readonly reason: 'api'
  readonly actor: { readonly kind: string; readonly id: string }
  readonly requestId: string
}
