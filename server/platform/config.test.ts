import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readConfig } from './config.ts'
import { OperatorError } from './refusal.ts'

const folder = mkdtempSync(join(tmpdir(), 'daybook-config-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
for (const name of ['cert.pem', 'key.pem', 'master.hex']) writeFileSync(join(folder, name), '')

const read = (env: NodeJS.ProcessEnv) => readConfig(env, folder)

function mistakes(env: NodeJS.ProcessEnv): string[] {
  try {
    read(env)
  } catch (error) {
    expect(error).toBeInstanceOf(OperatorError)
    const [, ...lines] = (error as OperatorError).message.split('\n') // just seen to be one
    return lines.map((line) => line.trim())
  }
  return []
}

describe('without any setting', () => {
  test('everything lies in the data directory and only this machine is answered', () => {
    expect(read({})).toMatchObject({
      data: join(folder, 'data'),
      host: '127.0.0.1',
      port: 8484,
      url: null,
      log: 'info',
      databaseUrl: null,
      blobs: join(folder, 'data', 'blobs'),
      masterKeyFile: join(folder, 'data', 'master.key'),
      masterKeyIsDefault: true,
      tls: null,
      trustProxy: false,
      region: null,
      recipients: 'array',
    })
  })

  test('an empty setting counts as none', () => {
    const names = ['DATA', 'HOST', 'PORT', 'URL', 'LOG', 'BLOBS', 'TLS_CERT', 'TLS_KEY', 'TRUST_PROXY', 'REGION']
    const empty = Object.fromEntries([...names.map((name) => `DAYBOOK_${name}`), 'DATABASE_URL'].map((name) => [name, '']))
    expect(read({ ...empty, DAYBOOK_MASTER_KEY_FILE: '' })).toEqual(read({}))
  })

  test('the configuration cannot be changed afterwards', () => {
    expect(Object.isFrozen(read({}))).toBe(true)
  })
})

test('every setting is taken, paths from the working directory', () => {
  const config = read({
    DAYBOOK_DATA: 'd',
    DAYBOOK_HOST: '0.0.0.0',
    DAYBOOK_PORT: '443',
    DAYBOOK_URL: 'https://daybook.example.com/',
    DAYBOOK_LOG: 'debug',
    DATABASE_URL: 'postgres://u:p@db.example.com/daybook',
    DAYBOOK_BLOBS: '/srv/blobs',
    DAYBOOK_MASTER_KEY_FILE: 'master.hex',
    DAYBOOK_TLS_CERT: 'cert.pem',
    DAYBOOK_TLS_KEY: 'key.pem',
    DAYBOOK_REGION: 'eu',
    DAYBOOK_RECIPIENTS: 'list',
  })
  expect(config).toMatchObject({
    data: join(folder, 'd'),
    host: '0.0.0.0',
    port: 443,
    url: 'https://daybook.example.com',
    blobs: '/srv/blobs',
    masterKeyFile: join(folder, 'master.hex'),
    masterKeyIsDefault: false,
    tls: { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') },
    region: 'eu',
    recipients: 'list',
  })
})

test('a .env file is read, and the environment goes before it', () => {
  writeFileSync(join(folder, '.env'), 'DAYBOOK_PORT=9000\nDAYBOOK_REGION=us\n')
  expect(read({ DAYBOOK_PORT: '9001' })).toMatchObject({ port: 9001, region: 'us' })
  rmSync(join(folder, '.env'))
})

describe('mistakes', () => {
  test('are reported all at once, each by the name of its setting', () => {
    const found = mistakes({
      DAYBOOK_PROT: '8484',
      DAYBOOK_PORT: 'eighty',
      DAYBOOK_LOG: 'chatty',
      DAYBOOK_URL: 'daybook.example.com',
      DATABASE_URL: 'mysql://localhost/x',
      DAYBOOK_BLOBS: 's3://bucket',
      DAYBOOK_MASTER_KEY_FILE: 'nowhere.hex',
      DAYBOOK_TLS_CERT: 'nowhere.pem',
      DAYBOOK_HOST: 'a host',
      DAYBOOK_REGION: 'x'.repeat(65),
    })
    expect(found.map((line) => line.split(':')[0]).sort()).toEqual([
      'DATABASE_URL',
      'DAYBOOK_BLOBS',
      'DAYBOOK_HOST',
      'DAYBOOK_LOG',
      'DAYBOOK_MASTER_KEY_FILE',
      'DAYBOOK_PORT',
      'DAYBOOK_PROT',
      'DAYBOOK_REGION',
      'DAYBOOK_TLS_CERT',
      'DAYBOOK_TLS_CERT, DAYBOOK_TLS_KEY',
      'DAYBOOK_URL',
    ])
  })

  test('of one kind do not hide those of another', () => {
    expect(mistakes({ DAYBOOK_PORT: '-1', DAYBOOK_HOST: '0.0.0.0' })).toHaveLength(2)
  })

  test.each(['65536', '80.5', 'NaN', '1e9'])('%s is no port', (port) => {
    expect(mistakes({ DAYBOOK_PORT: port })).toHaveLength(1)
  })
})

describe('an address beyond loopback', () => {
  test.each(['0.0.0.0', '::', '10.0.0.7', 'daybook.example.com', '127.0.0.1.example.com'])('is refused in the clear: %s', (host) => {
    expect(mistakes({ DAYBOOK_HOST: host })).toEqual([expect.stringContaining('DAYBOOK_HOST: an address beyond loopback needs')])
  })

  test('is refused with half of a certificate, and with a proxy that is not trusted', () => {
    expect(mistakes({ DAYBOOK_HOST: '0.0.0.0', DAYBOOK_TLS_KEY: 'key.pem' })).not.toEqual([])
    expect(mistakes({ DAYBOOK_HOST: '0.0.0.0', DAYBOOK_TRUST_PROXY: 'off' })).not.toEqual([])
  })

  test('is taken with TLS of our own or behind a trusted proxy', () => {
    expect(mistakes({ DAYBOOK_HOST: '0.0.0.0', DAYBOOK_TLS_CERT: 'cert.pem', DAYBOOK_TLS_KEY: 'key.pem' })).toEqual([])
    expect(read({ DAYBOOK_HOST: '0.0.0.0', DAYBOOK_TRUST_PROXY: 'true' }).trustProxy).toBe(true)
    expect(read({ DAYBOOK_HOST: '0.0.0.0', DAYBOOK_TRUST_PROXY: '10.0.0.1' }).trustProxy).toBe('10.0.0.1')
  })

  test.each(['127.0.0.1', '::1', 'localhost'])('%s needs nothing', (host) => {
    expect(mistakes({ DAYBOOK_HOST: host })).toEqual([])
  })
})
