import { useState } from 'react'
import { type SettingView, settingsReply } from '../../contract/admin.ts'
import styles from '../admin/admin.module.css'
import { FormDialog } from '../admin/dialog.tsx'
import { Checks, TextField, textOf } from '../admin/fields.tsx'
import { send } from '../admin/send.ts'
import { reachName } from '../admin/words.ts'
import { choicesOf, effectOf, isNumber, valueTyped, valueWords } from './setting-words.ts'

interface ChangeSettingProps {
  readonly workspace: string | null
  readonly setting: SettingView
  onSaved(words: string): void
  onClose(): void
}

/** One setting: what it means, what readers will see with the value that is chosen, and the result. */
export function ChangeSetting({ workspace, setting, onSaved, onClose }: ChangeSettingProps) {
  const { name, label, meaning, value } = setting
  const save = async (fields: FormData) => {
    const changes = { [name]: valueTyped(setting, textOf(fields, name)) }
    const reply = await send('PATCH', '/api/settings', settingsReply, { workspace_id: workspace, changes })
    const settings = workspace === null ? reply.organization : reply.workspaces.find((one) => one.workspace_id === workspace)?.settings
    const now = settings?.find((one) => one.name === name)?.value ?? null
    onSaved(`Saved: ${label} of ${reachName(workspace).toLowerCase()} is now “${valueWords(now)}”.`)
  }
  return (
    <FormDialog
      title={`${label}: ${reachName(workspace)}`}
      act="Save"
      dangerous={name === 'owner_email'}
      done={`${label} is saved.`}
      onAct={save}
      onClose={onClose}
    >
      <p>{meaning}</p>
      <Value setting={setting} />
      <p className={styles.hint}>
        Now: {valueWords(value)}. Default: {setting.default === null ? 'none' : valueWords(setting.default)}.
      </p>
    </FormDialog>
  )
}

function Value({ setting }: { setting: SettingView }) {
  const { name, label, value } = setting
  const [chosen, setChosen] = useState(String(value))
  const choices = choicesOf(setting)
  if (choices === null)
    return (
      <TextField
        name={name}
        label={label}
        type={isNumber(name) ? 'number' : name === 'owner_email' ? 'email' : 'text'}
        {...(isNumber(name) ? { min: 0, step: 1 } : { maxLength: 200 })}
        required
        defaultValue={value === null ? '' : String(value)}
        data-autofocus
        {...(name === 'owner_email' ? { hint: 'You sign in by this address from then on. Only the primary owner changes it.' } : {})}
      />
    )
  const effect = effectOf(name, chosen)
  return (
    <>
      <Checks name={name} kind="radio" legend={label} options={choices} chosen={[String(value)]} onChange={setChosen} />
      {effect !== null && (
        <p className={styles.outcome} role="status" data-testid="effect">
          {chosen === String(value) ? 'As it is: ' : 'Then: '}
          {effect}
        </p>
      )}
    </>
  )
}
