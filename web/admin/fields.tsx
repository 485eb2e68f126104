import { type InputHTMLAttributes, type ReactNode, useId } from 'react'
import { page } from '../page.ts'
import styles from './admin.module.css'
import { useFieldProblem } from './problem-words.tsx'

interface FieldProps {
  readonly name: string
  readonly label: string
  readonly hint?: ReactNode
}

/** A field with its label above and what it means below; what was refused about it stands there, too. */
function Labelled({ name, label, hint, children }: FieldProps & { children(described: Described): ReactNode }) {
  const id = useId()
  const problem = useFieldProblem(name)
  const described = [...(hint === undefined ? [] : [`${id}-hint`]), ...(problem === null ? [] : [`${id}-problem`])].join(' ')
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children({ id, name, 'aria-invalid': problem !== null, 'aria-describedby': described === '' ? undefined : described })}
      {hint !== undefined && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
      {problem !== null && (
        <p id={`${id}-problem`} className={styles.bad}>
          {problem}
        </p>
      )}
    </div>
  )
}

interface Described {
  readonly id: string
  readonly name: string
  readonly 'aria-invalid': boolean
  readonly 'aria-describedby': string | undefined
}

export function TextField({ name, label, hint, ...input }: FieldProps & Omit<InputHTMLAttributes<HTMLInputElement>, 'name'>) {
  return (
    <Labelled name={name} label={label} {...(hint === undefined ? {} : { hint })}>
      {(described) => <input type="text" autoComplete="off" {...input} {...described} />}
    </Labelled>
  )
}

/** A few words that stay on record. */
export function WordsField({ name, label, hint }: FieldProps) {
  return (
    <Labelled name={name} label={label} {...(hint === undefined ? {} : { hint })}>
      {(described) => <textarea rows={3} required minLength={3} maxLength={500} {...described} />}
    </Labelled>
  )
}

export interface Option {
  readonly value: string
  readonly name: string
}

export interface SelectProps extends FieldProps {
  readonly options: readonly Option[]
  readonly defaultValue?: string
  /** The command that puts the focus here. */
  readonly command?: string
  onChange?(value: string): void
}

export function SelectField({ name, label, hint, options, defaultValue, command, onChange }: SelectProps) {
  return (
    <Labelled name={name} label={label} {...(hint === undefined ? {} : { hint })}>
      {(described) => (
        <select
          {...described}
          data-command={command}
          defaultValue={defaultValue}
          onChange={(event) => onChange?.(event.currentTarget.value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.name}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  )
}

/** The whole organization, or one of the workspaces the reader may see. */
export function WorkspaceField({ label, defaultValue = null }: { label: string; defaultValue?: string | null }) {
  const options = [{ value: '', name: 'The whole organization' }, ...page.workspaces.map(({ id, name }) => ({ value: id, name }))]
  return <SelectField name="workspace_id" label={label} options={options} defaultValue={defaultValue ?? ''} />
}

export interface ChecksProps {
  readonly name: string
  readonly legend: string
  readonly kind?: 'checkbox' | 'radio'
  readonly options: readonly { readonly value: string; readonly name: string; readonly meaning?: string; readonly disabled?: boolean }[]
  readonly chosen?: readonly string[]
  onChange?(value: string): void
}

/** Several to tick, or one to choose, each with what it means. */
export function Checks({ name, legend, kind = 'checkbox', options, chosen = [], onChange }: ChecksProps) {
  const id = useId()
  const problem = useFieldProblem(name)
  return (
    <fieldset className={styles.checks} aria-describedby={problem === null ? undefined : `${id}-problem`}>
      <legend>{legend}</legend>
      {options.map((option) => (
        <label key={option.value}>
          <input
            type={kind}
            name={name}
            value={option.value}
            defaultChecked={chosen.includes(option.value)}
            disabled={option.disabled}
            onChange={() => onChange?.(option.value)}
          />
          <span>
            {option.name}
            {option.meaning !== undefined && <span className={styles.hint}>{option.meaning}</span>}
          </span>
        </label>
      ))}
      {problem !== null && (
        <p id={`${id}-problem`} className={styles.bad}>
          {problem}
        </p>
      )}
    </fieldset>
  )
}

/** What stands in a field, without blanks around it. */
export function textOf(fields: FormData, name: string): string {
  const value = fields.get(name)
  return typeof value === 'string' ? value.trim() : ''
}

/** Puts something else in a field, as if it had been typed there. */
export function setField(form: HTMLFormElement | null, name: string, value: string): void {
  const field = form?.elements.namedItem(name)
  if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) field.value = value
}

/** Every box of that name that is ticked. */
export function ticked(fields: FormData, name: string): string[] {
  return fields.getAll(name).filter((value) => typeof value === 'string')
}

/** The workspace that was chosen; null: the whole organization. */
export const workspaceIn = (fields: FormData) => textOf(fields, 'workspace_id') || null
