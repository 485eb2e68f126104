import { IconMoodEmpty } from '@tabler/icons-react'
import { useState } from 'react'
import { type DeadLetterPage, type DeadLetterRow, replayScopes } from '../../contract/sources.ts'
import { page as reader } from '../page.ts'
import { Words } from '../panel/state-words.tsx'
import { everything, isNarrowed } from './letter-view.ts'
import { Moment } from './moment.tsx'
import { type Outcome, Replay } from './replay.tsx'
import { ScrollBox } from './scroll-box.tsx'
import styles from './sources.module.css'
import { useLetterView } from './use-letter-view.ts'
import { may, reasonWords, rolesWith, sourceName } from './words.ts'

const replays = may(reader.person.scopes, replayScopes)
const reads = may(reader.person.scopes, ['compliance:read'])

interface LetterListProps {
  readonly workspace: string
  readonly page: DeadLetterPage
  onOutcome(outcome: Outcome | null): void
}

/** A page of refusals: each with its place, to select, to read, to send again. */
export function LetterList({ workspace, page, onOutcome }: LetterListProps) {
  const { view, show } = useLetterView()
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set())
  const fit = page.data.filter(({ replayable }) => replayable).map(({ number }) => number)
  const all = fit.length > 0 && fit.every((number) => selected.has(number))
  const told = (outcome: Outcome | null) => {
    if (outcome !== null) setSelected(new Set())
    onOutcome(outcome)
  }
  const turn = (number: number) => {
    const next = new Set(selected)
    if (!next.delete(number)) next.add(number)
    setSelected(next)
  }
  if (page.data.length === 0)
    return (
      <Words
        icon={IconMoodEmpty}
        title={isNarrowed(view) ? 'Nothing waits for this reason any more.' : 'There is nothing on this page.'}
        act="Show all from the beginning"
        onAct={() => show(everything)}
      />
    )
  return (
    <>
      <ScrollBox name="Refusals">
        <table className={styles.table}>
          <caption className="unseen">Refusals, the oldest first, with their places</caption>
          <Heads all={all} none={fit.length === 0} onTurn={() => setSelected(new Set(all ? [] : fit))} />
          <tbody>
            {page.data.map((letter) => (
              <Letter key={letter.number} letter={letter} selected={selected.has(letter.number)} onTurn={() => turn(letter.number)} />
            ))}
          </tbody>
        </table>
      </ScrollBox>
      <Pages next={page.next_after} />
      {replays ? (
        <Replay workspace={workspace} view={view} selected={[...selected]} onOutcome={told} />
      ) : (
        <p className={styles.note}>Replaying is for {rolesWith(replayScopes)}, and for keys of the scope ingest:write.</p>
      )}
      {!reads && (
        <p className={styles.note}>
          What was sent may be a chat: its bytes are for {rolesWith(['compliance:read'])}. An owner can give such a role, with a second
          person.
        </p>
      )}
    </>
  )
}

function Heads({ all, none, onTurn }: { all: boolean; none: boolean; onTurn(): void }) {
  return (
    <thead>
      <tr>
        {replays && (
          <th scope="col">
            <input
              type="checkbox"
              aria-label="Select all on this page"
              data-command="select"
              checked={all}
              disabled={none}
              onChange={onTurn}
            />
          </th>
        )}
        {['Number', 'Received', 'Source', 'Place', 'Reason'].map((name) => (
          <th key={name} scope="col">
            {name}
          </th>
        ))}
        {reads && <th scope="col">What was sent</th>}
      </tr>
    </thead>
  )
}

interface LetterProps {
  readonly letter: DeadLetterRow
  readonly selected: boolean
  onTurn(): void
}

function Letter({ letter, selected, onTurn }: LetterProps) {
  const { number, received_at, source, place, id, code, message, replayable, workspace_id } = letter
  return (
    <tr>
      {replays && (
        <td>
          <input type="checkbox" aria-label={`Select ${number}`} checked={selected} disabled={!replayable} onChange={onTurn} />
        </td>
      )}
      <th scope="row">{number}</th>
      <td>
        <Moment at={received_at} />
      </td>
      <td>{sourceName(source)}</td>
      <td className={styles.place}>
        {place}
        {id !== null && <span className={styles.small}>id {id}</span>}
        {workspace_id === null && <span className={styles.small}>names no workspace of this organization</span>}
      </td>
      <td className={styles.place}>
        {reasonWords(code)}
        <span className={styles.small}>{message}</span>
        {!replayable && <span className={styles.small}>Nothing that could be sent again was kept: mend the source and import it.</span>}
      </td>
      {reads && (
        <td>
          {replayable ? (
            <a href={`/api/dead-letters/${number}/bytes`} download>
              Save<span className="unseen"> what was sent as {number}</span>
            </a>
          ) : (
            '–'
          )}
        </td>
      )}
    </tr>
  )
}

/** Forward page by page, and back to the first at once; one page back is the browser's own Back. */
function Pages({ next }: { next: number | null }) {
  const { view, show } = useLetterView()
  if (view.after === 0 && next === null) return null
  return (
    <p className={styles.pages}>
      {view.after > 0 && (
        <button type="button" className={styles.button} data-command="first letters" onClick={() => show({ ...view, after: 0 })}>
          First page <kbd aria-hidden>[</kbd>
        </button>
      )}
      {next !== null && (
        <button type="button" className={styles.button} data-command="more letters" onClick={() => show({ ...view, after: next })}>
          Next page <kbd aria-hidden>]</kbd>
        </button>
      )}
    </p>
  )
}
