import { useState } from 'react'
import { type Account, done, recoveryCodes } from '../../contract/account.ts'
import styles from '../admin/admin.module.css'
import { FormDialog } from '../admin/dialog.tsx'
import { send } from '../admin/send.ts'
import { Moment } from '../sources/moment.tsx'
import { AppCodes } from './app-codes.tsx'
import { NewPassword } from './new-password.tsx'

interface PasswordProps {
  readonly password: Account['password']
  onCodes(codes: readonly string[]): void
}

type Act = 'first' | 'change' | 'app' | 'codes' | 'remove'

/** A password with the codes of an app, and recovery codes for when the app is gone. */
export function Password({ password, onCodes }: PasswordProps) {
  const [act, setAct] = useState<Act | null>(null)
  const close = () => setAct(null)
  const offers: readonly (readonly [Act, string])[] =
    password === null
      ? [['first', 'Set a password']]
      : [
          ['change', 'Change it'],
          ['app', 'Another app'],
          ['codes', 'New recovery codes'],
          ['remove', 'Remove it'],
        ]
  return (
    <li>
      <div>
        <h3>Password with codes of an app</h3>
        {password === null ? (
          <p>None.</p>
        ) : (
          <p>
            Set <Moment at={password.changed_at} /> · {password.recovery_codes} recovery {password.recovery_codes === 1 ? 'code' : 'codes'}{' '}
            left
          </p>
        )}
      </div>
      <p className={styles.buttons}>
        {offers.map(([one, name]) => (
          <button key={one} type="button" className={`${styles.button} ${styles.small}`} onClick={() => setAct(one)}>
            {name}
          </button>
        ))}
      </p>
      {(act === 'first' || act === 'app') && <AppCodes withPassword={act === 'first'} onCodes={onCodes} onClose={close} />}
      {act === 'change' && <Change onClose={close} />}
      {act === 'codes' && <NewCodes onCodes={onCodes} onClose={close} />}
      {act === 'remove' && <Remove onClose={close} />}
    </li>
  )
}

function Change({ onClose }: { onClose(): void }) {
  return (
    <FormDialog
      title="Change your password"
      act="Change it"
      done="The password is changed; all other sessions ended."
      onAct={(fields) => send('PUT', '/api/account/password', recoveryCodes, { password: String(fields.get('password') ?? '') })}
      onClose={onClose}
    >
      <p>All your other sessions end. The app and the recovery codes stay as they are.</p>
      <NewPassword />
    </FormDialog>
  )
}

function NewCodes({ onCodes, onClose }: Pick<PasswordProps, 'onCodes'> & { onClose(): void }) {
  const renew = async () => {
    const { recovery_codes } = await send('POST', '/api/account/recovery-codes', recoveryCodes)
    onCodes(recovery_codes ?? [])
  }
  return (
    <FormDialog title="New recovery codes" act="Make ten new codes" done={null} onAct={renew} onClose={onClose}>
      <p>The ones you have are dead at once. The new ones are shown once.</p>
    </FormDialog>
  )
}

function Remove({ onClose }: { onClose(): void }) {
  return (
    <FormDialog
      title="Remove your password"
      act="Remove it"
      dangerous
      done="The password is removed."
      onAct={() => send('DELETE', '/api/account/password', done)}
      onClose={onClose}
    >
      <p>The codes of the app and the recovery codes go with it. You need another way in: the last one cannot be removed.</p>
    </FormDialog>
  )
}
