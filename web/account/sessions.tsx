import { useState } from 'react'
import { type SessionShown, sessionList, sessionsEnded, type Way } from '../../contract/account.ts'
import styles from '../admin/admin.module.css'
import { FormDialog } from '../admin/dialog.tsx'
import { send } from '../admin/send.ts'
import { useReply } from '../ask/use-answer.ts'
import { Moment } from '../sources/moment.tsx'
import { Answered, Part, stateOf } from '../sources/part.tsx'
import { ScrollBox } from '../sources/scroll-box.tsx'
import tables from '../sources/sources.module.css'

const wayWords: Record<Way, string> = { link: 'a one-time link', password: 'password', passkey: 'passkey', provider: 'provider' }

/** Where the reader is signed in; each can be ended, and all others at once. */
export function Sessions() {
  const answer = useReply('/api/account/sessions', sessionList)
  const [ending, setEnding] = useState<SessionShown | 'others' | null>(null)
  const others = answer.reply?.data.filter(({ current }) => !current).length ?? 0
  return (
    <Part
      id="sessions"
      title="Where are you signed in?"
      sentence="Sessions, the one used last first. One you do not know: end it, then change your ways in."
      waiting={answer.waiting}
      state={stateOf(answer)}
    >
      {others > 0 && (
        <p className={styles.buttons}>
          <button type="button" className={styles.danger} data-command="end others" onClick={() => setEnding('others')}>
            End all others …
          </button>
        </p>
      )}
      <Answered answer={answer} seenBy="whoever is signed in">
        {({ data }) => <SessionTable sessions={data} onEnd={setEnding} />}
      </Answered>
      {ending !== null && (
        <FormDialog
          title={ending === 'others' ? 'End all other sessions' : 'End this session'}
          act={ending === 'others' ? 'End all others' : 'End it'}
          dangerous
          done={ending === 'others' ? 'All other sessions ended.' : 'The session ended.'}
          onAct={() => send('DELETE', `/api/account/sessions${ending === 'others' ? '' : `/${ending.id}`}`, sessionsEnded)}
          onClose={() => setEnding(null)}
        >
          <p>
            {ending === 'others'
              ? 'Whoever sits before one of them is signed out with their next click; you stay signed in here.'
              : `${ending.device}: whoever sits before it is signed out with their next click.`}
          </p>
        </FormDialog>
      )}
    </Part>
  )
}

function SessionTable({ sessions, onEnd }: { sessions: readonly SessionShown[]; onEnd(session: SessionShown): void }) {
  return (
    <ScrollBox name="Sessions">
      <table className={tables.table}>
        <caption className="unseen">Your sessions, the one used last first</caption>
        <thead>
          <tr>
            {['Device', 'Came in by', 'From', 'Since', 'Last seen', 'Ends', 'Change'].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <tr key={session.id}>
              <th scope="row">
                {session.device}
                {session.current && <span className={tables.small}>this one</span>}
              </th>
              <td>
                {wayWords[session.way]}
                {session.provider !== null && <span className={tables.small}>{session.provider}</span>}
              </td>
              <td>{session.address ?? 'not known'}</td>
              <td>
                <Moment at={session.started_at} />
              </td>
              <td>
                <Moment at={session.seen_at} />
              </td>
              <td>
                <Moment at={session.expires_at} />
              </td>
              <td>
                {session.current ? (
                  <span className={tables.small}>sign out instead</span>
                ) : (
                  <button type="button" className={`${styles.button} ${styles.small}`} onClick={() => onEnd(session)}>
                    End<span className="unseen"> the session in {session.device}</span>
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  )
}
