import { IconCircleCheck, IconLock } from '@tabler/icons-react'
import { useState } from 'react'
import { deadLetterPage, deadLetterSummary, letterScopes, sourceScopes } from '../../contract/sources.ts'
import { useReply } from '../ask/use-answer.ts'
import { printSearch } from '../bookmark/bookmark.ts'
import { page } from '../page.ts'
import { Words } from '../panel/state-words.tsx'
import { LetterList } from './letter-list.tsx'
import { everything, isNarrowed, lettersAddress } from './letter-view.ts'
import { Answered, Part, stateOf } from './part.tsx'
import { ReasonTable } from './reason-table.tsx'
import { type Outcome, OutcomeWords } from './replay.tsx'
import styles from './sources.module.css'
import { useLetterView } from './use-letter-view.ts'
import { may, reasonWords, rolesWith, sourceName, wayName } from './words.ts'

const sees = may(page.person.scopes, letterScopes)

/** What was sent and not taken: why, how much, and each with its place. */
export function Refusals({ workspace }: { workspace: string }) {
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const summary = useReply(`/api/dead-letters/summary${printSearch({ workspace_id: workspace })}`, deadLetterSummary)
  return (
    <Part
      id="refusals"
      title="What was refused?"
      sentence="Kept with its reason, encrypted, until it is replayed: sent through the intake again, after an update or once what was missing is there."
      waiting={summary.waiting}
      state={stateOf(summary)}
    >
      <button
        type="button"
        hidden
        data-command="letters"
        onClick={() => document.querySelector<HTMLElement>('[data-part="refusals"] h2')?.focus()}
      />
      <Answered answer={summary} seenBy={rolesWith(sourceScopes)}>
        {(reply) =>
          reply.waiting === 0 ? (
            <Words icon={IconCircleCheck} title="Nothing waits: everything that was sent was taken, or has been replayed since." />
          ) : (
            <>
              <ReasonTable {...reply} />
              {sees ? <Letters workspace={workspace} onOutcome={setOutcome} /> : <NotYours />}
            </>
          )
        }
      </Answered>
      {outcome !== null && <OutcomeWords {...outcome} />}
    </Part>
  )
}

function NotYours() {
  return (
    <Words icon={IconLock} title="Your role shows how many there are, not each with its place.">
      The list is for {rolesWith(letterScopes)}; an owner can give you such a role.
    </Words>
  )
}

function Letters({ workspace, onOutcome }: { workspace: string; onOutcome(outcome: Outcome | null): void }) {
  const { view, show } = useLetterView()
  const answer = useReply(lettersAddress(view, workspace), deadLetterPage)
  return (
    <div className={styles.letters}>
      <h3>{narrowedWords(view.code, view.source, view.via)}</h3>
      {isNarrowed(view) && (
        <button type="button" className={styles.button} data-command="all letters" onClick={() => show(everything)}>
          Show every reason
        </button>
      )}
      <Answered answer={answer} seenBy={rolesWith(letterScopes)}>
        {(reply) => <LetterList key={answer.address} workspace={workspace} page={reply} onOutcome={onOutcome} />}
      </Answered>
    </div>
  )
}

function narrowedWords(code: string | null, source: string | null, via: string | null): string {
  const parts = [code && reasonWords(code), source && `from ${sourceName(source)}`, via && wayName(via)].filter((part) => part !== null)
  return parts.length === 0 ? 'Each refusal, the oldest first' : `Only: ${parts.join(', ')}`
}
