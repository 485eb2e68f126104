import { useEffect, useState } from 'react'
import { done, recoveryCodes, type TotpSetup, totpSetup } from '../../contract/account.ts'
import { Dialog, Form } from '../admin/dialog.tsx'
import { TextField, textOf } from '../admin/fields.tsx'
import { asProblem, ProblemWords } from '../admin/problem-words.tsx'
import { SecretText } from '../admin/secret-text.tsx'
import { send } from '../admin/send.ts'
import type { Problem } from '../ask/problem.ts'
import { NewPassword } from './new-password.tsx'
import { QrPicture } from './qr-picture.tsx'

interface AppCodesProps {
  /** The first password comes with its app; otherwise another app takes the place of the one there is. */
  readonly withPassword: boolean
  onCodes(codes: readonly string[]): void
  onClose(): void
}

/** Sets up an app for codes. Its secret is in this dialog and nowhere else, and counts once the first code comes back. */
export function AppCodes({ withPassword, onCodes, onClose }: AppCodesProps) {
  const [setup, setSetup] = useState<TotpSetup | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  useEffect(() => {
    let gone = false
    send('POST', '/api/account/totp', totpSetup).then(
      (begun) => gone || setSetup(begun),
      (error: unknown) => gone || setProblem(asProblem(error)),
    )
    return () => {
      gone = true
    }
  }, [])
  const finish = async (fields: FormData) => {
    const about = { setup: setup?.setup ?? '', code: textOf(fields, 'code') }
    if (!withPassword) {
      await send('PUT', '/api/account/totp', done, about)
      return
    }
    const { recovery_codes } = await send('PUT', '/api/account/password', recoveryCodes, {
      ...about,
      password: String(fields.get('password') ?? ''),
    })
    onCodes(recovery_codes ?? [])
  }
  // It opens once there is something in it, so that the first field has the focus.
  if (setup === null && problem === null) return null
  return (
    <Dialog title={withPassword ? 'Set a password' : 'Another app for codes'} onClose={onClose}>
      {problem !== null && <ProblemWords problem={problem} />}
      {setup !== null && (
        <Form
          act={withPassword ? 'Set the password' : 'Use this app'}
          done={withPassword ? null : 'The new app is in place of the old one.'}
          onAct={finish}
          onDone={onClose}
          onCancel={onClose}
        >
          {withPassword && <NewPassword />}
          <p>
            Point an authenticator app at the picture, or type the secret into it. Both are shown this once; then give the code that the app
            shows.
          </p>
          <QrPicture svg={setup.qr} />
          <SecretText name="Secret for the app" text={setup.secret} />
          <TextField name="code" label="Code of the app" inputMode="numeric" autoComplete="one-time-code" required maxLength={10} />
        </Form>
      )}
    </Dialog>
  )
}
