import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import type { Config } from './config.ts'
import { hmac } from './crypto.ts'
import { writeDurably } from './durable-file.ts'
import { OperatorError } from './refusal.ts'

/** What the whole installation's secrets hang on: it wraps the organization keys and is in no store and no backup. */
export interface MasterKey {
  /** Wraps organization keys. */
  readonly wrapping: KeyObject
  /** Pepper of API keys, sessions and one-time links, which are kept as keyed hashes. */
  readonly pepper: KeyObject
}

export function readMasterKey(config: Config): MasterKey {
  if (!existsSync(config.masterKeyFile)) writeDurably(config.masterKeyFile, `${randomBytes(32).toString('hex')}\n`, 0o600)
  const hex = readFileSync(config.masterKeyFile, 'utf8').trim()
  if (!/^[0-9a-fA-F]{64}$/.test(hex)) {
    throw new OperatorError(
      `${config.masterKeyFile} is not a master key: 64 hexadecimal digits on one line, such as "openssl rand -hex 32" prints`,
    )
  }
  const secret = Buffer.from(hex, 'hex')
  return {
    wrapping: createSecretKey(hmac(Buffer.from('daybook/wrapping/v1'), secret)),
    pepper: createSecretKey(hmac(Buffer.from('daybook/pepper/v1'), secret)),
  }
}
