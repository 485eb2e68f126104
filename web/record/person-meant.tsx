import { type ReactNode, useEffect, useRef, useState } from 'react'
import { type PeopleReply, peopleReply, recordPaths, type ShownPerson } from '../../contract/record.ts'
import styles from '../admin/admin.module.css'
import { Dialog } from '../admin/dialog.tsx'
import { TextField } from '../admin/fields.tsx'
import { useFieldProblem } from '../admin/problem-words.tsx'
import { Problem } from '../ask/problem.ts'
import { Inline } from './plain-text.tsx'
import own from './record.module.css'
import { asProblem, read } from './use-posted.ts'
import { personWords } from './words.ts'

export interface PersonMeant {
  /** The id of whoever is meant; '' where nobody is named, null where nobody was found or chosen. */
  ask(text: string): Promise<string | null>
  readonly problem: Problem | null
  /** Who of several, while that is not decided. */
  readonly choice: ReactNode
}

interface PersonAsked {
  readonly workspace: string
  readonly field: string
  readonly id: string | undefined
  readonly view?: string
}

interface Choice {
  readonly people: PeopleReply
  decide(id: string | null): void
}

/** Who was found in this tab, by workspace and id: what stands in addresses is their id alone, and another workspace may have the same id. */
const known = new Map<string, ShownPerson>()
const placeOf = (workspace: string, id: string) => `${workspace} ${id}`

/**
 * From an id, an address or a name to the one person who is meant, which leaves an entry in the access record. `id`: who is meant as it is,
 * and not asked for again. `view`: what the page shows; an answer that comes when it shows something else, or after the next question, is dropped.
 */
export function usePersonMeant({ workspace, field, id, view }: PersonAsked): PersonMeant {
  const [problem, setProblem] = useState<Problem | null>(null)
  const [choice, setChoice] = useState<Choice | null>(null)
  const turn = useRef(0)
  const drop = () => {
    setProblem(null)
    setChoice(null)
    return ++turn.current
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever was asked is about the workspace and the view of its time
  useEffect(() => () => void drop(), [workspace, view])
  const ask = async (text: string) => {
    const asked = drop()
    if (text === '' || text === id) return text
    try {
      const people = await read(recordPaths.people, peopleReply, { workspace_id: workspace, text })
      for (const person of people.data) known.set(placeOf(workspace, person.id), person)
      if (asked !== turn.current) return null
      const [first, ...others] = people.data
      if (!first) throw new Problem(404, 'nobody in this record has such an id, address or name', null, { param: field })
      return others.length === 0 ? first.id : await decided(people, setChoice)
    } catch (error) {
      if (asked === turn.current) setProblem(asProblem(error))
      return null
    }
  }
  return { ask, problem, choice: choice && <WhoIsMeant {...choice} /> }
}

function decided(people: PeopleReply, show: (choice: Choice | null) => void): Promise<string | null> {
  return new Promise((resolve) => {
    const decide = (id: string | null) => {
      show(null)
      resolve(id)
    }
    show({ people, decide })
  })
}

function WhoIsMeant({ people: { data, has_more }, decide }: Choice) {
  return (
    <Dialog title="Who is meant?" onClose={() => decide(null)}>
      <ul className={own.people}>
        {data.map((person, place) => (
          <li key={person.id}>
            <button
              type="button"
              className={styles.button}
              data-autofocus={place === 0 ? true : undefined}
              onClick={() => decide(person.id)}
            >
              <Inline text={personWords(person)} most={100} />
              {person.name !== null && person.email !== null && (
                <span className={styles.hint}>
                  <Inline text={person.email} most={100} />
                </span>
              )}
              <span className={styles.hint}>
                <Inline text={person.id} most={100} />
              </span>
            </button>
          </li>
        ))}
      </ul>
      {has_more && <p className={styles.note}>More people match: close this and name them more closely.</p>}
    </Dialog>
  )
}

/** The field to name a person in. `person`: who has the id that stands there, where that is known. */
export function PersonField({
  workspace,
  name,
  id,
  person = null,
}: {
  workspace: string
  name: string
  id: string | undefined
  person?: ShownPerson | null | undefined
}) {
  const refused = useFieldProblem(name) !== null
  const shown = id === undefined || refused ? null : (person ?? known.get(placeOf(workspace, id)) ?? null)
  const hint = shown && (shown.name ?? shown.email)
  return (
    <TextField
      name={name}
      label="Person"
      placeholder="E-mail, name or id"
      defaultValue={id}
      maxLength={200}
      spellCheck={false}
      {...(hint === null ? {} : { hint: <Inline text={hint} most={60} /> })}
    />
  )
}
