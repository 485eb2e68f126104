import type { FormEvent } from 'react'
import styles from '../admin/admin.module.css'
import { SelectField, TextField, textOf } from '../admin/fields.tsx'
import own from './record.module.css'
import { kindOptions } from './words.ts'

/** Ids and times only: a link to the explorer never holds a word that somebody said. */
export const filters = ['kind', 'person', 'conversation', 'id', 'since', 'until'] as const
export type View = Record<(typeof filters)[number], string>

const anyKind = { value: '', name: 'every kind' }

export function Filter({ view, onChange }: { view: View; onChange(part: View): void }) {
  const show = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    // Every name has its value: the entries are made of all names.
    onChange(Object.fromEntries(filters.map((name) => [name, textOf(fields, name)])) as View)
  }
  return (
    <form className={`${styles.form} ${own.filter}`} onSubmit={show} aria-label="Filter the record">
      <SelectField name="kind" label="Kind" options={[anyKind, ...kindOptions]} defaultValue={view.kind} command="kind" />
      <TextField name="person" label="Person, by id" defaultValue={view.person} maxLength={512} spellCheck={false} />
      <TextField name="conversation" label="Conversation, by id" defaultValue={view.conversation} maxLength={512} spellCheck={false} />
      <TextField name="id" label="Any other id" defaultValue={view.id} maxLength={512} spellCheck={false} />
      <TextField name="since" label="Since (UTC)" type="date" defaultValue={view.since.slice(0, 10)} />
      <TextField name="until" label="Until (UTC)" type="date" defaultValue={view.until.slice(0, 10)} />
      <p>
        <button type="submit" className={styles.main}>
          Show
        </button>
      </p>
    </form>
  )
}
