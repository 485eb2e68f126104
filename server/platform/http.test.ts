import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from './config.ts'
import { createHttp } from './http.ts'
import { openLog } from './log.ts'
import { Refusal } from './refusal.ts'

const config = readConfig({ DAYBOOK_LOG: 'debug' }, '/')
const logged: string[] = []
const log = openLog(config, { write: (line) => void logged.push(line) })
const marker = 'planted-secret'
let app: Awaited<ReturnType<typeof createHttp>>

beforeAll(async () => {
  app = await createHttp(config, log)
  const open = { config: { access: 'open' } }
  app.get('/hello', { ...open, handler: async () => ({ hello: 'world' }) })
  app.get('/refused', {
    ...open,
    handler: () => Promise.reject(new Refusal('too_many', 'slow down', { retryAfter: 1.2 })),
  })
  app.get('/misnamed', { ...open, handler: () => Promise.reject(new Refusal('bad_request', 'sort: is no column', { param: 'sort' })) })
  app.get('/broken', { ...open, handler: () => Promise.reject(new Error(`broken by ${marker}`, { cause: new Error(marker) })) })
  app.get('/:word/echo', { ...open, handler: async (request) => request.params })
  app.post('/body', { ...open, handler: async () => ({}) })
})
afterAll(() => app.close())

describe('a route', () => {
  test('that does not say who may call it is refused at start', async () => {
    const other = await createHttp(config, log)
    expect(() => other.get('/secret', async () => ({}))).toThrow('GET /secret does not say who may call it')
    expect(() => other.get('/secret', { config: {}, handler: async () => ({}) })).toThrow('does not say who may call it')
    await other.close()
  })

  test('is found with one slash too many, at the end or in between', async () => {
    for (const url of ['/hello', '/hello/', '//hello', '//hello//']) expect((await app.inject(url)).json()).toEqual({ hello: 'world' })
  })
})

describe('an error', () => {
  const problem = async (url: string) => {
    const answer = await app.inject(url)
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(answer.json().request_id).toBe(answer.headers['x-request-id'])
    return answer
  }

  test('that is a refusal says what is wrong, and when to come back in whole seconds', async () => {
    const answer = await problem('/refused')
    expect(answer.headers['retry-after']).toBe('2')
    expect(answer.json()).toMatchObject({ type: 'about:blank', title: 'too many', status: 429, code: 'too_many', detail: 'slow down' })
  })

  test('that is a refusal of one parameter names it', async () => {
    expect((await problem('/misnamed')).json()).toMatchObject({ code: 'bad_request', detail: 'sort: is no column', param: 'sort' })
    expect((await problem('/refused')).json()).not.toHaveProperty('param')
  })

  test('that is a defect says nothing but where to look; the log has its place, and neither has its words', async () => {
    logged.length = 0
    const answer = await problem('/broken')
    expect(answer.json()).toMatchObject({ status: 500, code: 'internal_error' })
    const line = logged.map((text) => JSON.parse(text)).find(({ event }) => event === 'defect')
    expect(line).toMatchObject({ request_id: answer.json().request_id, err: { type: 'Error', cause: { type: 'Error' } } })
    expect(answer.body + logged.join('')).not.toContain(marker)
  })

  test.each([
    ['/nowhere', 404, 'not_found'],
    ['/%zz/echo', 400, 'bad_request'],
    [`/${'x'.repeat(1100)}/echo`, 404, 'not_found'],
  ])('of the address is a problem like any other: %.12s', async (url, status, code) => {
    expect((await problem(url)).json()).toMatchObject({ status, code })
  })

  test('of the body is one too', async () => {
    const send = (payload: string | Buffer, type: string) =>
      app.inject({ method: 'POST', url: '/body', payload, headers: { 'content-type': type } })
    expect((await send('{"a":', 'application/json')).json()).toMatchObject({ status: 400, code: 'bad_request' })
    expect((await send('x', 'image/png')).json()).toMatchObject({ status: 415, code: 'wrong_type' })
    const large = await send(Buffer.alloc(10 * 1_048_576 + 1, 32), 'application/json')
    expect(large.json()).toMatchObject({ status: 413, code: 'too_large' })
  })
})

describe('every answer', () => {
  test('has an id, is kept by no cache and runs nothing in a browser', async () => {
    for (const url of ['/hello', '/nowhere', '/broken']) {
      const { headers } = await app.inject(url)
      expect(headers['x-request-id'], url).toMatch(/^[0-9a-f-]{36}$/)
      expect(headers['cache-control'], url).toBe('no-store')
      expect(headers['content-security-policy'], url).toContain("default-src 'none'")
      expect(headers['x-content-type-options'], url).toBe('nosniff')
      expect(headers['referrer-policy'], url).toBe('no-referrer')
    }
    expect((await app.inject('/%zz/echo')).headers['cache-control']).toBe('no-store')
  })

  test('leaves one line in the log, of the route and never of the address: that may name people', async () => {
    logged.length = 0
    await app.inject(`/${marker}/echo?q=${marker}`)
    const lines = logged.map((text) => JSON.parse(text)).filter(({ event }) => event === 'request')
    expect(lines).toMatchObject([{ method: 'GET', route: '/:word/echo', status: 200, request_id: expect.any(String) }])
    await app.inject(`/${marker}/nowhere`)
    expect(logged.join('')).not.toContain(marker)
  })
})
