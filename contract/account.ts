import { z } from 'zod'
import { role } from './people.ts'

/** One's own account: the ways in, the sessions, and what either takes to change. Everything here is about whoever asks. */

/** How somebody came in. `link` is the one-time link that whoever runs the server makes. */
export const ways = ['link', 'password', 'passkey', 'provider'] as const
export type Way = (typeof ways)[number]

export const passkeyShown = z.object({
  id: z.uuid(),
  name: z.string().describe('What its owner calls it'),
  created_at: z.string(),
  last_used_at: z.string().nullable(),
  synced: z.boolean().describe('Kept in more than one device'),
})
export type PasskeyShown = z.output<typeof passkeyShown>

export const identityShown = z.object({
  provider: z.string().describe('Id of the provider'),
  name: z.string().describe('What it is called on the sign-in page'),
  email: z.string().nullable(),
  linked_at: z.string(),
  last_used_at: z.string().nullable(),
})
export type IdentityShown = z.output<typeof identityShown>

export const account = z.object({
  id: z.uuid(),
  email: z.string(),
  roles: z.array(role),
  session: z.object({
    id: z.uuid(),
    started_at: z.string(),
    expires_at: z.string(),
    fresh_until: z.string().describe('Until then no new sign-in is asked for a change of what is sensitive'),
  }),
  password: z
    .object({ changed_at: z.string(), recovery_codes: z.int().describe('How many are left') })
    .nullable()
    .describe('A password with codes of an authenticator app; null: there is none'),
  passkeys: z.array(passkeyShown),
  providers: z.array(identityShown),
})
export type Account = z.output<typeof account>

export const sessionShown = z.object({
  id: z.uuid(),
  current: z.boolean().describe('The one that asks'),
  way: z.enum(ways),
  provider: z.string().nullable().describe('Id of the provider, when one was the way in'),
  device: z.string().describe('Browser and system in words'),
  address: z.string().nullable(),
  started_at: z.string(),
  seen_at: z.string().describe('To the minute'),
  expires_at: z.string(),
})
export type SessionShown = z.output<typeof sessionShown>

export const sessionList = z.object({ data: z.array(sessionShown) })
export const sessionsEnded = z.object({ ended: z.int().describe('How many sessions were ended') })
export const sessionId = z.object({ session_id: z.uuid().describe('Id of the session, from the list') })
export const memberId = z.object({ member_id: z.uuid().describe('Id of the member') })

/** A password is judged by its length and by whether everybody tries it first: no other rule makes one better. */
export const passwordLength = { least: 12, most: 200 } as const
export const passwordText = z
  .string()
  .min(passwordLength.least, `needs ${passwordLength.least} characters or more`)
  .max(passwordLength.most, `may have ${passwordLength.most} characters at most`)

export const totpCode = z
  .string()
  .transform((text) => text.replaceAll(/\s/g, ''))
  .pipe(z.string().regex(/^\d{6}$/, 'is six digits'))

export const totpSetup = z.object({
  setup: z.string().describe('Goes back with the first code; good for 15 minutes'),
  secret: z.string().describe('For typing, base32'),
  uri: z.string().describe('What the picture says: otpauth://totp/…'),
  qr: z.string().describe('The picture, as SVG'),
})
export type TotpSetup = z.output<typeof totpSetup>

export const newPassword = z.object({
  password: passwordText.describe(`The new password, ${passwordLength.least} to ${passwordLength.most} characters`),
  setup: z.string().optional().describe('From POST /api/account/totp; needed with the first password'),
  code: totpCode.optional().describe('What the app shows; needed with the first password'),
})
export const newTotp = z.object({
  setup: z.string().describe('From POST /api/account/totp'),
  code: totpCode.describe('What the app shows'),
})
export const recoveryCodes = z.object({
  recovery_codes: z
    .array(z.string())
    .nullable()
    .describe('Shown this once; each replaces one code of the app, once. null: they stay as they were'),
})
export type RecoveryCodes = z.output<typeof recoveryCodes>

/** Options and responses of WebAuthn go between the browser and its library untouched. */
const webAuthn = z.record(z.string(), z.unknown())
export const passkeyOptions = z.object({
  options: webAuthn.describe('For the browser: navigator.credentials'),
  step: z.string().describe('Goes back with the answer; good for 5 minutes, once'),
})
export type PasskeyOptions = z.output<typeof passkeyOptions>
export const newPasskey = z.object({
  name: z.string().trim().min(1).max(100).describe('What its owner calls it'),
  step: z.string().describe('From POST /api/account/passkeys/options'),
  response: webAuthn.describe('What the browser answered'),
})
export const passkeyId = z.object({ passkey_id: z.uuid().describe('Id of the passkey') })
export const passkeyAdded = z.object({ id: z.uuid() })
export const passkeyRename = z.object({ name: z.string().trim().min(1).max(100).describe('What its owner calls it') })
export const providerId = z.object({ provider: z.string().max(64).describe('Id of the provider') })
export const done = z.object({ done: z.literal(true) })

/** Sign-in with a passkey, from the sign-in page. */
export const passkeyAnswer = z.object({
  step: z.string(),
  response: webAuthn,
  next: z.string().optional(),
})
export const signedIn = z.object({ next: z.string().describe('Where to go from here') })
