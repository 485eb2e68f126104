import { useState } from 'react'
import { type BreakGlassView, breakGlassList, brokenGlass, done } from '../../contract/admin.ts'
import styles from '../admin/admin.module.css'
import { FormDialog } from '../admin/dialog.tsx'
import { SelectField, textOf, WordsField } from '../admin/fields.tsx'
import { send } from '../admin/send.ts'
import { roleName, rolesHolding, timeLeft, useNow } from '../admin/words.ts'
import { useReply } from '../ask/use-answer.ts'
import { page } from '../page.ts'
import { Moment } from '../sources/moment.tsx'
import { Answered, Part, stateOf } from '../sources/part.tsx'
import { recordRoleOptions } from './role-fields.tsx'
import { isMe } from './use-members.ts'

const shownAtOnce = 20

/** A role of the record taken for an hour, for what cannot wait; a review stays open until somebody else closes it. */
export function BreakGlass() {
  const answer = useReply('/api/break-glass', breakGlassList)
  const [starting, setStarting] = useState(false)
  const [ending, setEnding] = useState<BreakGlassView | null>(null)
  return (
    <Part
      id="break-glass"
      title="When was the glass broken?"
      sentence="An owner can take a role of the record for an hour when it cannot wait for a second person. All owners learn of it, and a review stays open."
      waiting={answer.waiting}
      state={stateOf(answer)}
    >
      {page.person.roles.includes('owner') && (
        <p className={styles.buttons}>
          <button type="button" className={styles.danger} data-command="break glass" onClick={() => setStarting(true)}>
            Break the glass …
          </button>
        </p>
      )}
      <Answered answer={answer} seenBy={rolesHolding('people:manage')}>
        {({ data }) =>
          data.length === 0 ? (
            <p>It never was.</p>
          ) : (
            <ul className={styles.cards}>
              {data.slice(0, shownAtOnce).map((one) => (
                <Broken key={one.id} {...one} onEnd={() => setEnding(one)} />
              ))}
            </ul>
          )
        }
      </Answered>
      {starting && <Start onClose={() => setStarting(false)} />}
      {ending !== null && <End broken={ending} onClose={() => setEnding(null)} />}
    </Part>
  )
}

function Broken(broken: BreakGlassView & { onEnd(): void }) {
  const { member, role, reason, started_at, expires_at, ended_at, active, review } = broken
  const left = timeLeft(expires_at, useNow())
  const running = active && left !== null
  return (
    <li data-tone={running ? 'bad' : undefined}>
      <div>
        <h3>
          {roleName(role)} by {member.email ?? 'somebody who is not a member any more'}
        </h3>
        <p>“{reason}”</p>
        <p className={styles.hint}>
          <Moment at={started_at} /> to <Moment at={ended_at ?? expires_at} />
        </p>
      </div>
      <p className={styles.buttons}>
        <span className={styles.mark} data-tone={running ? 'bad' : undefined}>
          {running ? `for ${left} yet` : 'over'}
        </span>
        <span className={styles.mark} data-tone={review?.overdue ? 'bad' : review?.closed_at === null ? 'warn' : 'good'}>
          {review === null || review.closed_at !== null ? 'reviewed' : review.overdue ? 'review overdue' : 'review open'}
        </span>
        {running && (isMe({ email: member.email ?? '' }) || page.person.roles.includes('owner')) && (
          <button type="button" className={`${styles.button} ${styles.small}`} onClick={broken.onEnd}>
            End it<span className="unseen"> – {roleName(role)}</span>
          </button>
        )}
      </p>
    </li>
  )
}

function Start({ onClose }: { onClose(): void }) {
  return (
    <FormDialog
      title="Break the glass"
      act="Take the role for an hour"
      dangerous
      done="You have the role for an hour. A review is open."
      onAct={async (fields) => {
        await send('POST', '/api/break-glass', brokenGlass, { role: textOf(fields, 'role'), reason: textOf(fields, 'reason') })
        // What the shell offers goes by the roles in the document: it is asked for anew.
        location.reload()
      }}
      onClose={onClose}
    >
      <p>
        You have the role at once, for one hour. All owners see it, each read is on record, and a review stays open until somebody else
        closes it.
      </p>
      <SelectField name="role" label="Role of the record" options={recordRoleOptions(page.person.roles)} />
      <WordsField name="reason" label="Why can it not wait?" hint="All owners read it." />
    </FormDialog>
  )
}

function End({ broken, onClose }: { broken: BreakGlassView; onClose(): void }) {
  return (
    <FormDialog
      title={`End ${roleName(broken.role)}`}
      act="End it now"
      done="It is over. The review stays open."
      onAct={() => send('POST', `/api/break-glass/${broken.id}/end`, done)}
      onClose={onClose}
    >
      <p>The role ends with this; the review stays open until somebody else closes it.</p>
    </FormDialog>
  )
}
