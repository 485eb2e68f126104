/** Why an answer did not come, in words for people. */
export class Problem extends Error {
  readonly status: number
  readonly requestId: string | null

  constructor(status: number, detail: string, requestId: string | null) {
    super(detail)
    this.status = status
    this.requestId = requestId
  }
}

/** Problem details (RFC 9457), as far as they can be read. */
export async function problemOf(response: Response): Promise<Problem> {
  const requestId = response.headers.get('x-request-id')
  try {
    const body: unknown = await response.json()
    const detail = typeof body === 'object' && body !== null && 'detail' in body && typeof body.detail === 'string' ? body.detail : null
    return new Problem(response.status, detail ?? `the server answered ${response.status}`, requestId)
  } catch {
    return new Problem(response.status, `the server answered ${response.status}`, requestId)
  }
}

/** What the server said, without the name of the parameter in front: `tool: Commits cannot be narrowed by tool`. */
export function sentenceOf({ message }: Pick<Problem, 'message'>): string {
  const said = message.replace(/^[a-z_]+: /, '')
  return `${said.charAt(0).toUpperCase()}${said.slice(1)}`
}
