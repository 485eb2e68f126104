/** Why somebody does not come in by a provider: a reason for the record, and words for the visitor. */
export class Failed extends Error {
  readonly words: string
  readonly code: 'unauthenticated' | 'forbidden'

  constructor(reason: string, words = beginAgain, code: Failed['code'] = 'unauthenticated') {
    super(reason)
    this.words = words
    this.code = code
  }
}

const beginAgain = 'this sign-in was not finished where it was begun, or took too long: begin again'
