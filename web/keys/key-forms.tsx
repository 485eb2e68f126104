import { useState } from 'react'
import { done, type KeyView, madeKey, rotatedKey } from '../../contract/admin.ts'
import { FormDialog } from '../admin/dialog.tsx'
import { Checks, SelectField, TextField, textOf, ticked, WorkspaceField, workspaceIn } from '../admin/fields.tsx'
import { send } from '../admin/send.ts'
import { scopeMeanings } from '../admin/words.ts'
import { utcMoment } from '../format.ts'
import { page } from '../page.ts'

/** The text of a key that was just made. */
export interface NewText {
  readonly name: string
  readonly key: string
  /** What follows from it; nothing: an empty text. */
  readonly after: string
}

interface TextFormProps {
  onText(text: NewText): void
  onClose(): void
}

const lifetimes = [
  { value: '30', name: '30 days' },
  { value: '90', name: '90 days' },
  { value: '365', name: 'a year' },
  { value: '', name: 'never' },
]
const lifetimeIn = (fields: FormData) => (textOf(fields, 'expires_in_days') === '' ? null : Number(textOf(fields, 'expires_in_days')))

export function MakeKey({ onText, onClose }: TextFormProps) {
  const make = async (fields: FormData) => {
    const { name, key } = await send('POST', '/api/keys', madeKey, {
      name: textOf(fields, 'name'),
      scopes: ticked(fields, 'scopes'),
      workspace_id: workspaceIn(fields),
      expires_in_days: lifetimeIn(fields),
      networks: textOf(fields, 'networks')
        .split(/[\s,]+/)
        .filter((range) => range !== ''),
    })
    onText({ name, key, after: '' })
  }
  return (
    <FormDialog title="Make a key" act="Make the key" done={null} onAct={make} onClose={onClose}>
      <TextField name="name" label="What is it for?" required maxLength={200} data-autofocus hint="Such as the name of the connector." />
      <Checks
        name="scopes"
        legend="What may it do? For good: it cannot be changed later."
        options={page.person.scopes.map((scope) => ({ value: scope, name: scopeMeanings[scope], meaning: scope }))}
      />
      <p>A key can do no more than its maker. Keys that send records or read chats are made by whoever has that role, or on the server.</p>
      <WorkspaceField label="For" />
      <SelectField name="expires_in_days" label="Ends after" options={lifetimes} defaultValue="90" />
      <TextField
        name="networks"
        label="Networks it may be used from"
        placeholder="192.0.2.0/24, 2001:db8::/32"
        hint="Ranges with commas between; none: from anywhere."
      />
    </FormDialog>
  )
}

export function RotateKey({ subject, onText, onClose }: TextFormProps & { subject: KeyView }) {
  const rotate = async (fields: FormData) => {
    const { name, key, replaces } = await send('POST', `/api/keys/${subject.id}/rotate`, rotatedKey, {
      overlap_hours: Number(textOf(fields, 'overlap_hours')),
      expires_in_days: lifetimeIn(fields),
    })
    const { day, time } = utcMoment(replaces.expires_at)
    onText({ name, key, after: `The one before works until ${day}, ${time} UTC.` })
  }
  return (
    <FormDialog title={`Rotate ${subject.name}`} act="Make the next key" done={null} onAct={rotate} onClose={onClose}>
      <p>A new key with the same scopes, workspace and networks. The old one works on for the overlap and then ends by itself.</p>
      <SelectField
        name="overlap_hours"
        label="The old one works on for"
        defaultValue="24"
        options={[
          { value: '0', name: 'no time: it ends at once' },
          { value: '1', name: 'an hour' },
          { value: '24', name: 'a day' },
          { value: '168', name: 'a week' },
        ]}
      />
      <SelectField name="expires_in_days" label="The new one ends after" options={lifetimes} defaultValue="90" />
    </FormDialog>
  )
}

export function RevokeKey({ subject, onClose }: { subject: KeyView; onClose(): void }) {
  const [moment] = useState(() => (subject.last_used_at === null ? null : utcMoment(subject.last_used_at)))
  return (
    <FormDialog
      title={`Revoke ${subject.name}`}
      act="Revoke the key"
      dangerous
      done="The key is revoked."
      onAct={() => send('POST', `/api/keys/${subject.id}/revoke`, done)}
      onClose={onClose}
    >
      <p>
        It ends at once, on every node, and does not come back: what uses it stops. It was{' '}
        {moment === null ? 'never used' : `last used ${moment.day}, ${moment.time} UTC`}
        {subject.last_used_address !== null && ` from ${subject.last_used_address}`}.
      </p>
    </FormDialog>
  )
}
