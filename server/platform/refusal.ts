/** Every way to say no, and the HTTP status it becomes. Anything thrown that is not a Refusal is a defect. */
const statusOf = {
  bad_request: 400,
  unauthenticated: 401,
  forbidden: 403,
  /** It is allowed, but not to a session that was begun a while ago. */
  sign_in_again: 403,
  not_found: 404,
  conflict: 409,
  gone: 410,
  too_large: 413,
  wrong_type: 415,
  unprocessable: 422,
  too_many: 429,
  overloaded: 503,
} as const

export type RefusalCode = keyof typeof statusOf

export interface RefusalDetail {
  /** The parameter or field at fault. */
  param?: string
  /** Whole seconds to wait, sent as `Retry-After`. */
  retryAfter?: number
}

/** A no that the caller is told about. The message is a whole sentence for people and never holds content. */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly detail: RefusalDetail

  constructor(code: RefusalCode, message: string, detail: RefusalDetail = {}) {
    super(message)
    this.name = 'Refusal'
    this.code = code
    this.detail = detail
  }

  get status(): number {
    return statusOf[this.code]
  }
}

/** A mistake of whoever runs the command: printed as it is, without a stack, with exit code 1. */
export class OperatorError extends Error {
  override name = 'OperatorError'
}
