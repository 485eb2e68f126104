import { type FormEvent, useLayoutEffect, useRef } from 'react'
import type { ShownPerson } from '../../contract/record.ts'
import styles from '../admin/admin.module.css'
import { SelectField, setField, TextField, textOf } from '../admin/fields.tsx'
import { ProblemContext, ProblemWords } from '../admin/problem-words.tsx'
import { PersonField, usePersonMeant } from './person-meant.tsx'
import own from './record.module.css'
import { kindOptions } from './words.ts'

/** Ids and times only: a link to the explorer never holds a word that somebody said. */
export const filters = ['kind', 'person', 'conversation', 'id', 'since', 'until'] as const
export type View = Record<(typeof filters)[number], string>

const anyKind = { value: '', name: 'every kind' }

export interface FilterProps {
  readonly workspace: string
  readonly view: View
  /** Who has the id that the view is narrowed to, where that is known. */
  readonly person: ShownPerson | null
  onChange(part: View): void
}

export function Filter({ workspace, view, person, onChange }: FilterProps) {
  const form = useRef<HTMLFormElement>(null)
  const shown = JSON.stringify(filters.map((name) => [name, shownIn(name, view[name])]))
  const who = usePersonMeant({ workspace, field: 'person', id: view.person, view: shown })
  // What is shown stands in the fields, also after somebody went back; the fields themselves stay, and the focus with them.
  useLayoutEffect(() => {
    for (const [name, value] of JSON.parse(shown)) setField(form.current, name, value)
  }, [shown])
  const show = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    const meant = await who.ask(textOf(fields, 'person'))
    if (meant === null) return
    setField(form.current, 'person', meant)
    // Every name has its value: the entries are made of all names.
    onChange({ ...Object.fromEntries(filters.map((name) => [name, textOf(fields, name)])), person: meant } as View)
  }
  return (
    <ProblemContext value={who.problem}>
      <form ref={form} className={`${styles.form} ${own.filter}`} onSubmit={(event) => void show(event)} aria-label="Filter the record">
        <SelectField name="kind" label="Kind" options={[anyKind, ...kindOptions]} defaultValue={view.kind} command="kind" />
        <PersonField workspace={workspace} name="person" id={view.person} person={person} />
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
      {who.problem !== null && who.problem.param !== 'person' && <ProblemWords problem={who.problem} />}
      {who.choice}
    </ProblemContext>
  )
}

const shownIn = (name: string, value: string) => (name === 'since' || name === 'until' ? value.slice(0, 10) : value)
