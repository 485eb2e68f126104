import { browserSupportsWebAuthn, type PublicKeyCredentialCreationOptionsJSON, startRegistration } from '@simplewebauthn/browser'
import { useState } from 'react'
import { done, type PasskeyShown, passkeyAdded, passkeyOptions } from '../../contract/account.ts'
import styles from '../admin/admin.module.css'
import { FormDialog } from '../admin/dialog.tsx'
import { TextField, textOf } from '../admin/fields.tsx'
import { send } from '../admin/send.ts'
import { Problem } from '../ask/problem.ts'
import { Moment } from '../sources/moment.tsx'

type Opened = { readonly act: 'add' } | { readonly act: 'rename' | 'remove'; readonly passkey: PasskeyShown }

/** Passkeys, and how one more is made. */
export function Passkeys({ passkeys }: { passkeys: readonly PasskeyShown[] }) {
  const [opened, setOpened] = useState<Opened | null>(null)
  const close = () => setOpened(null)
  const can = browserSupportsWebAuthn()
  return (
    <li>
      <div>
        <h3>Passkeys</h3>
        {passkeys.length === 0 && <p>None. A passkey asks for a finger, a face or a PIN, and cannot be phished.</p>}
        {passkeys.map((passkey) => (
          <p key={passkey.id} className={styles.buttons}>
            <strong>{passkey.name}</strong>
            <span className={styles.hint}>
              since <Moment at={passkey.created_at} />
              {passkey.last_used_at !== null && (
                <>
                  , last used <Moment at={passkey.last_used_at} />
                </>
              )}
              {passkey.synced && ', in more than one device'}
            </span>
            <button type="button" className={`${styles.button} ${styles.small}`} onClick={() => setOpened({ act: 'rename', passkey })}>
              Rename<span className="unseen"> {passkey.name}</span>
            </button>
            <button type="button" className={`${styles.button} ${styles.small}`} onClick={() => setOpened({ act: 'remove', passkey })}>
              Remove<span className="unseen"> {passkey.name}</span>
            </button>
          </p>
        ))}
        {!can && <p className={styles.hint}>This browser, or an address without a name and TLS, has no passkeys.</p>}
      </div>
      {can && (
        <button type="button" className={`${styles.button} ${styles.small}`} onClick={() => setOpened({ act: 'add' })}>
          Add a passkey
        </button>
      )}
      {opened?.act === 'add' && <Add onClose={close} />}
      {opened?.act === 'rename' && <Rename passkey={opened.passkey} onClose={close} />}
      {opened?.act === 'remove' && <Remove passkey={opened.passkey} onClose={close} />}
    </li>
  )
}

function Add({ onClose }: { onClose(): void }) {
  const add = async (fields: FormData) => {
    const { options, step } = await send('POST', '/api/account/passkeys/options', passkeyOptions)
    const response = await made(options)
    await send('POST', '/api/account/passkeys', passkeyAdded, { name: textOf(fields, 'name'), step, response })
  }
  return (
    <FormDialog title="Add a passkey" act="Make the passkey" done="The passkey is added." onAct={add} onClose={onClose}>
      <p>The browser asks for your finger, face or PIN. What it makes never leaves your device or your password manager.</p>
      <TextField name="name" label="What do you call it?" required maxLength={100} defaultValue="Passkey" data-autofocus />
    </FormDialog>
  )
}

/** What the browser makes of it; a no of the reader or of the device in words. */
async function made(options: Record<string, unknown>) {
  try {
    // The server's library made these options for the browser's library; we hand them through.
    return await startRegistration({ optionsJSON: options as unknown as PublicKeyCredentialCreationOptionsJSON })
  } catch (error) {
    const name = error instanceof Error ? error.name : ''
    if (name === 'InvalidStateError') throw new Problem(0, 'this device has a passkey for this account already', null)
    throw new Problem(0, 'the browser was not told yes in time: try again', null)
  }
}

interface OneProps {
  readonly passkey: PasskeyShown
  onClose(): void
}

function Rename({ passkey: { id, name }, onClose }: OneProps) {
  return (
    <FormDialog
      title={`Rename ${name}`}
      act="Rename"
      done="The passkey is renamed."
      onAct={(fields) => send('PATCH', `/api/account/passkeys/${id}`, done, { name: textOf(fields, 'name') })}
      onClose={onClose}
    >
      <TextField name="name" label="What do you call it?" required maxLength={100} defaultValue={name} data-autofocus />
    </FormDialog>
  )
}

function Remove({ passkey: { id, name }, onClose }: OneProps) {
  return (
    <FormDialog
      title={`Remove ${name}`}
      act="Remove the passkey"
      dangerous
      done="The passkey is removed."
      onAct={() => send('DELETE', `/api/account/passkeys/${id}`, done)}
      onClose={onClose}
    >
      <p>It no longer lets you in. Take it out of your device's own list, too, so that it is not offered there.</p>
    </FormDialog>
  )
}
