import { randomUUID } from 'node:crypto'
import { generateRegistrationOptions, type RegistrationResponseJSON, verifyRegistrationResponse } from '@simplewebauthn/server'
import { z } from 'zod'
import { newPasskey, type PasskeyOptions, passkeyId, passkeyRename } from '../../contract/account.ts'
import type { Context, Ledger } from '../ledger/context.ts'
import { Refusal } from '../platform/refusal.ts'
import { accountChange, onlyPerson } from './account-change.ts'
import { openStep, sealStep, spend } from './sealed-step.ts'
import { demandRecentSignIn } from './session-fresh.ts'
import { demandWayLeft } from './sign-in-ways.ts'

/** Where passkeys belong: they answer to the name in the address bar and to no other. */
export interface Site {
  /** As in `https://daybook.example.com`. */
  readonly origin: string
  /** Without the port. */
  readonly host: string
}

/** Browsers give passkeys to names only: the numbers of an address say nothing about who answers there. */
export function siteOf(origin: string): Site | null {
  const { hostname } = new URL(origin)
  return /^[\d.]+$|^\[/.test(hostname) ? null : { origin, host: hostname }
}

export function demandSite(origin: string): Site {
  const site = siteOf(origin)
  if (site) return site
  throw new Refusal('conflict', 'a passkey needs a name in the address bar, such as localhost, not the numbers of an address')
}

/** Ed25519, ECDSA and RSA as every authenticator has one of them: https://www.iana.org/assignments/cose. */
const supportedAlgorithmIDs = [-8, -7, -257]

const purpose = 'new-passkey'
const minutes = 5
const challenge = z.object({ member: z.string(), challenge: z.string() })

/** What the browser needs to make a passkey that is found without a name typed and asks for a finger, a face or a PIN. */
export async function newPasskeyOptions(ctx: Context, { host }: Site): Promise<PasskeyOptions> {
  const { ledger } = ctx
  const person = onlyPerson(ctx)
  demandRecentSignIn(ctx)
  const options = await generateRegistrationOptions({
    rpName: 'Daybook',
    rpID: host,
    userName: person.name,
    userID: new TextEncoder().encode(person.id),
    supportedAlgorithmIDs,
    excludeCredentials: await credentialsOf(ledger, person.id),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  const step = sealStep(ledger, purpose, minutes, { member: person.id, challenge: options.challenge })
  return { options: { ...options }, step }
}

async function credentialsOf(ledger: Ledger, member: string): Promise<{ id: string; transports: string[] }[]> {
  const rows = await ledger.database.reader
    .selectFrom('passkey')
    .select(['credential', 'transports'])
    .where('organization_id', '=', ledger.organization.number)
    .where('member_id', '=', member)
    .execute()
  return rows.map(({ credential, transports }) => ({ id: credential, transports }))
}

const addInput = newPasskey.extend({ site: z.object({ origin: z.string(), host: z.string() }) })

/** Keeps a passkey that the browser has made. */
export const addPasskey = accountChange({
  action: 'passkey.add',
  input: addInput,
  async prepare({ ledger }, person, { name, step, response, site }) {
    const known = openStep(ledger, purpose, step, challenge)
    if (known?.about.member !== person.id) throw new Refusal('gone', 'that took too long: begin anew')
    return { name, known, made: await verified(response, known.about.challenge, site) }
  },
  async run(tx, { ledger }, person, { name, known, made }) {
    if (!(await spend(tx, ledger, known.id, known.until))) throw new Refusal('gone', 'this passkey was added already')
    const id = randomUUID()
    const { credential } = made
    const added = await tx.query(
      `insert into passkey (organization_id, credential, id, member_id, name, public_key, counter, transports, synced, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
      [
        ...[ledger.organization.number, credential.id, id, person.id, name, Buffer.from(credential.publicKey), credential.counter],
        ...[credential.transports ?? [], made.credentialBackedUp, ledger.clock.now().toString()],
      ],
    )
    if (added.rowCount === 0) throw new Refusal('conflict', 'this passkey is known already')
    return { ids: [id], query: { synced: made.credentialBackedUp }, result: { id } }
  },
})

async function verified(response: Record<string, unknown>, expectedChallenge: string, { origin, host }: Site) {
  try {
    const answer = await verifyRegistrationResponse({
      // The library reads it field by field and throws at what does not fit.
      response: response as unknown as RegistrationResponseJSON,
      expectedChallenge,
      expectedOrigin: origin,
      expectedRPID: host,
      requireUserVerification: true,
      supportedAlgorithmIDs,
    })
    if (answer.verified) return answer.registrationInfo
  } catch (cause) {
    throw Object.assign(refusedPasskey(), { cause })
  }
  throw refusedPasskey()
}

const refusedPasskey = () => new Refusal('bad_request', 'what the browser sent is no passkey for this address', { param: 'response' })

export const renamePasskey = accountChange({
  action: 'passkey.rename',
  input: passkeyId.extend(passkeyRename.shape),
  prepare: async (_ctx, _person, input) => input,
  async run(tx, { ledger }, person, { passkey_id, name }) {
    const renamed = await tx.query('update passkey set name = $4 where organization_id = $1 and member_id = $2 and id = $3', [
      ...[ledger.organization.number, person.id, passkey_id, name],
    ])
    if (renamed.rowCount === 0) throw new Refusal('not_found', 'there is no such passkey')
    return { ids: [passkey_id], result: { done: true as const } }
  },
})

export const removePasskey = accountChange({
  action: 'passkey.remove',
  input: passkeyId,
  prepare: async (_ctx, _person, input) => input,
  async run(tx, { ledger }, person, { passkey_id }) {
    const removed = await tx.query('delete from passkey where organization_id = $1 and member_id = $2 and id = $3', [
      ...[ledger.organization.number, person.id, passkey_id],
    ])
    if (removed.rowCount === 0) throw new Refusal('not_found', 'there is no such passkey')
    await demandWayLeft(tx, ledger, person.id)
    return { ids: [passkey_id], result: { done: true as const } }
  },
})
