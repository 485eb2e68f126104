import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'

interface Key {
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly published: JWK
}

/** What a browser was sent to the provider with. */
export interface Question {
  readonly state: string
  readonly nonce: string
  readonly challenge: string
  readonly redirectUri: string
  readonly url: URL
}

export const questionOf = (location: string): Question => {
  const url = new URL(location)
  const of = (name: string) => url.searchParams.get(name) ?? ''
  return { state: of('state'), nonce: of('nonce'), challenge: of('code_challenge'), redirectUri: of('redirect_uri'), url }
}

/**
 * An OpenID provider that can be told to lie: real ones refuse to make the tokens that a client has to refuse. The honest flows are
 * walked with a real one.
 */
export class LyingProvider {
  readonly clientId = 'daybook'
  readonly clientSecret = 'a secret of the client'
  /** Claims for the next ID token, over the honest ones; undefined leaves one out. */
  lies: Record<string, unknown> = {}
  userinfo: Record<string, unknown> = {}
  /** Keys published at this moment; the first one signs. */
  keys: Key[] = []
  /** Signs instead of the first published one. */
  signer: Key | null = null
  isDown = false
  readonly #server: Server
  readonly #codes = new Map<string, Question & { sub: string }>()

  private constructor(server: Server) {
    this.#server = server
  }

  static async open(): Promise<LyingProvider> {
    const provider: LyingProvider = new LyingProvider(createServer((request, reply) => void provider.#answer(request, reply)))
    await new Promise<void>((resolve) => provider.#server.listen(0, '127.0.0.1', resolve))
    provider.keys = [await newKey()]
    return provider
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}` // it listens on a port
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  /** Somebody signs in there: the code that their browser brings back. */
  codeFor(question: Question, sub: string): string {
    const code = randomUUID()
    this.#codes.set(code, { ...question, sub })
    return code
  }

  async sign(claims: Record<string, unknown>, header: Record<string, string> = {}): Promise<string> {
    const key = this.signer ?? this.keys[0]
    if (!key) throw new Error('no key signs')
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: key.kid, ...header }).sign(key.privateKey)
  }

  async #answer(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', this.issuer)
    const send = (body: object, status = 200) => reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (this.isDown) return void reply.writeHead(503).end()
    if (pathname === '/.well-known/openid-configuration') return void send(this.#description())
    if (pathname === '/keys') return void send({ keys: this.keys.map(({ published }) => published) })
    if (pathname === '/userinfo') return void send(this.userinfo)
    if (pathname !== '/token') return void send({}, 404)
    const form = new URLSearchParams(await textOf(request))
    const asked = this.#codes.get(form.get('code') ?? '')
    const verifier = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const known = form.get('client_id') === this.clientId && form.get('client_secret') === this.clientSecret
    if (!asked || !known || verifier !== asked.challenge || form.get('redirect_uri') !== asked.redirectUri)
      return void send({ error: 'invalid_grant' }, 400)
    this.#codes.delete(form.get('code') ?? '')
    send({ access_token: 'an access token', token_type: 'Bearer', expires_in: 60, id_token: await this.#idToken(asked) })
  }

  async #idToken({ nonce, sub }: { nonce: string; sub: string }): Promise<string> {
    const now = Math.floor(Date.now() / 1000)
    const honest = { iss: this.issuer, aud: this.clientId, sub, nonce, iat: now, exp: now + 300, sid: `session of ${sub}` }
    const told = { ...honest, email: `${sub}@example.com`, email_verified: true, ...this.lies }
    return this.sign(Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)))
  }

  #description(): object {
    const at = (path: string) => `${this.issuer}${path}`
    return {
      issuer: this.issuer,
      ...{
        authorization_endpoint: at('/authorize'),
        token_endpoint: at('/token'),
        jwks_uri: at('/keys'),
        userinfo_endpoint: at('/userinfo'),
      },
      end_session_endpoint: at('/end'),
      authorization_response_iss_parameter_supported: true,
      ...{ response_types_supported: ['code'], subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'] },
    }
  }
}

export async function newKey(): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  const kid = randomUUID()
  return { kid, privateKey, published: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' } }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}
