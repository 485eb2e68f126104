import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { useState } from 'react'
import { done, type FindingKind, type FindingView, findingList } from '../../contract/admin.ts'
import styles from '../admin/admin.module.css'
import { FormDialog } from '../admin/dialog.tsx'
import { textOf, WordsField } from '../admin/fields.tsx'
import { usePageQuery } from '../admin/page-query.ts'
import { send } from '../admin/send.ts'
import { reachName, rolesHolding } from '../admin/words.ts'
import { useReply } from '../ask/use-answer.ts'
import { Moment } from '../sources/moment.tsx'
import { Answered, Part, stateOf } from '../sources/part.tsx'

const kindWords: Record<FindingKind, string> = {
  'break-glass': 'The glass was broken: a role of the record was taken for an hour',
  'record-role-granted-alone': 'A role of the record was given by one person alone',
  'record-role-by-operator': 'Whoever runs the server gave a role of the record',
  'key-of-deactivated-member': 'A key still works whose maker was deactivated',
  'key-beyond-its-maker': 'A key can do what its maker no longer may',
}

const parameters = ['findings'] as const

/** What somebody has to look at, first on the page while there is any. */
export function Findings() {
  const [{ findings }, change] = usePageQuery(parameters)
  const all = findings === 'all'
  const answer = useReply(`/api/findings?state=${all ? 'all' : 'open'}`, findingList)
  const [closing, setClosing] = useState<FindingView | null>(null)
  return (
    <Part
      id="findings"
      title="What waits to be looked at?"
      sentence="Findings: what was done without a second person, and keys that outlived what their makers may do. Somebody else closes them, with a note."
      waiting={answer.waiting}
      state={stateOf(answer)}
    >
      <Answered answer={answer} seenBy={rolesHolding('directory:read')}>
        {({ data }) => (
          <>
            {data.length === 0 ? (
              <p>
                <span className={styles.mark} data-tone="good">
                  <IconCircleCheck aria-hidden size={16} /> Nothing waits
                </span>
              </p>
            ) : (
              <ul className={styles.cards}>
                {data.map((finding) => (
                  <Finding key={finding.id} {...finding} onClose={() => setClosing(finding)} />
                ))}
              </ul>
            )}
            <p className={styles.note}>
              <button type="button" className={`${styles.button} ${styles.small}`} onClick={() => change({ findings: all ? '' : 'all' })}>
                {all ? 'Show open ones only' : 'Show closed ones, too'}
              </button>
            </p>
          </>
        )}
      </Answered>
      {closing !== null && <CloseFinding finding={closing} onClose={() => setClosing(null)} />}
    </Part>
  )
}

function Finding(finding: FindingView & { onClose(): void }) {
  const { kind, severity, subject, workspace_id, caused_by, reason, state, opened_at, due_at, overdue, closed_at, closed_by, note } =
    finding
  const tone = state === 'closed' ? 'good' : severity === 'high' || overdue ? 'bad' : 'warn'
  return (
    <li data-tone={tone} data-finding={kind}>
      <div>
        <h3>{kindWords[kind]}</h3>
        <p>
          {subject.kind === 'key' ? 'Key' : 'Member'} <strong>{subject.name ?? subject.id}</strong> · {reachName(workspace_id)}
          {caused_by !== null && <> · by {caused_by.email ?? 'somebody who is not a member any more'}</>}
        </p>
        {reason !== null && <p>“{reason}”</p>}
        <p className={styles.hint}>
          Since <Moment at={opened_at} />
          {state === 'open' && due_at !== null && (
            <>
              , to be closed by <Moment at={due_at} />
            </>
          )}
          {closed_at !== null && (
            <>
              , closed <Moment at={closed_at} /> by {closed_by?.name}: “{note}”
            </>
          )}
        </p>
      </div>
      <p className={styles.buttons}>
        <span className={styles.mark} data-tone={tone}>
          {state === 'open' && <IconAlertTriangle aria-hidden size={16} />}
          {state === 'closed' ? 'closed' : overdue ? 'overdue' : severity}
        </span>
        {finding.may_close && (
          <button type="button" className={`${styles.button} ${styles.small}`} onClick={finding.onClose}>
            Close<span className="unseen"> the finding about {subject.name}</span>
          </button>
        )}
        {state === 'open' && !finding.may_close && <span className={styles.hint}>for somebody else to close</span>}
      </p>
    </li>
  )
}

function CloseFinding({ finding, onClose }: { finding: FindingView; onClose(): void }) {
  return (
    <FormDialog
      title="Close the finding"
      act="Close the finding"
      done="The finding is closed."
      onAct={(fields) => send('POST', `/api/findings/${finding.id}/close`, done, { note: textOf(fields, 'note') })}
      onClose={onClose}
    >
      <p>
        {kindWords[finding.kind]}: <strong>{finding.subject.name ?? finding.subject.id}</strong>. It stays on record with your name and your
        note; what it is about does not change.
      </p>
      <WordsField name="note" label="What did you look at, and what did you find?" />
    </FormDialog>
  )
}
