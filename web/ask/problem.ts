/** Why an answer did not come, in words for people. */
export class Problem extends Error {
  readonly status: number
  readonly requestId: string | null
  readonly code: string | null
  /** The field at fault. */
  readonly param: string | null

  constructor(status: number, detail: string, requestId: string | null, { code = null, param = null }: Partial<Fault> = {}) {
    super(detail)
    this.status = status
    this.requestId = requestId
    this.code = code
    this.param = param
  }
}

interface Fault {
  readonly code: string | null
  readonly param: string | null
}

/** Problem details (RFC 9457), as far as they can be read. */
export async function problemOf(response: Response): Promise<Problem> {
  const requestId = response.headers.get('x-request-id')
  try {
    const body: unknown = await response.json()
    const text = (name: string) => {
      const value: unknown = typeof body === 'object' && body !== null ? Object.getOwnPropertyDescriptor(body, name)?.value : null
      return typeof value === 'string' ? value : null
    }
    const words = text('detail') ?? `the server answered ${response.status}`
    return new Problem(response.status, words, requestId, { code: text('code'), param: text('param') })
  } catch {
    return new Problem(response.status, `the server answered ${response.status}`, requestId)
  }
}

/** What the server said, without the name of the parameter in front: `tool: Commits cannot be narrowed by tool`. */
export function sentenceOf({ message }: Pick<Problem, 'message'>): string {
  const said = message.replace(/^[a-z_]+: /, '')
  return `${said.charAt(0).toUpperCase()}${said.slice(1)}`
}
