import { IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { explanation } from '../../contract/admin.ts'
import { scopes } from '../../contract/people.ts'
import styles from '../admin/admin.module.css'
import { SelectField, textOf } from '../admin/fields.tsx'
import { rolesHolding, scopeMeanings } from '../admin/words.ts'
import { useReply } from '../ask/use-answer.ts'
import { printSearch } from '../bookmark/bookmark.ts'
import { page } from '../page.ts'
import { Answered, Part, stateOf } from '../sources/part.tsx'
import { useMembers } from './use-members.ts'

/** Why somebody can or cannot do something, in sentences. */
export function Explain() {
  const members = useMembers()
  const [asked, setAsked] = useState<string | null>(null)
  const answer = useReply(asked, explanation)
  const ask = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    const workspace = textOf(fields, 'workspace_id')
    setAsked(
      `/api/explain${printSearch({
        member: textOf(fields, 'member'),
        scope: textOf(fields, 'scope'),
        ...(workspace === '' ? {} : { workspace_id: workspace }),
      })}`,
    )
  }
  return (
    <Part
      id="explain"
      title="Why can somebody not see something?"
      sentence="Which of their roles gives it, which would, who can give such a role, and what else is in the way."
      waiting={answer.waiting}
      state={asked === null ? 'ready' : stateOf(answer)}
    >
      <form className={`${styles.form} ${styles.inline}`} onSubmit={ask} aria-label="Explain">
        <SelectField name="member" label="Who" options={(members.reply?.data ?? []).map(({ id, email }) => ({ value: id, name: email }))} />
        <SelectField name="scope" label="Wants to" options={scopes.map((scope) => ({ value: scope, name: scopeMeanings[scope] }))} />
        <SelectField
          name="workspace_id"
          label="In"
          options={[{ value: '', name: 'Wherever their roles are for' }, ...page.workspaces.map(({ id, name }) => ({ value: id, name }))]}
        />
        <p>
          <button type="submit" className={styles.main} data-command="explain">
            Explain
          </button>
        </p>
      </form>
      {asked !== null && (
        <Answered answer={answer} seenBy={rolesHolding('people:manage')}>
          {({ allowed, sentences }) => {
            const Icon = allowed ? IconCircleCheck : IconCircleX
            return (
              <div className={styles.outcome} role="status" data-testid="explanation">
                <p>
                  <Icon aria-hidden size={16} /> <strong>{allowed ? 'They can.' : 'They cannot.'}</strong>
                </p>
                {sentences.map((sentence) => (
                  <p key={sentence}>{sentence}</p>
                ))}
              </div>
            )
          }}
        </Answered>
      )}
    </Part>
  )
}
