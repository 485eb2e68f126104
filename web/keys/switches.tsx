import { useState } from 'react'
import { apiSwitches, settingsReply } from '../../contract/admin.ts'
import type { Api } from '../../contract/people.ts'
import styles from '../admin/admin.module.css'
import { FormDialog } from '../admin/dialog.tsx'
import { send } from '../admin/send.ts'
import { rolesHolding } from '../admin/words.ts'
import { useReply } from '../ask/use-answer.ts'
import { page } from '../page.ts'
import { Answered, Part, stateOf } from '../sources/part.tsx'

const about: Record<Api, { name: string; setting: string; meaning: string }> = {
  compliance: {
    name: 'Compliance API',
    setting: 'compliance_api',
    meaning: 'Keys that read the record, the directory or the activity feed, or delete.',
  },
  analytics: { name: 'Analytics API', setting: 'analytics_api', meaning: 'Keys that read counts.' },
}

interface Turned {
  readonly api: Api
  readonly on: boolean
}

/** Whether keys get in at all, API by API. */
export function Switches() {
  const answer = useReply('/api/settings', settingsReply)
  const [turning, setTurning] = useState<Turned | null>(null)
  return (
    <Part
      id="switches"
      title="Which APIs are on?"
      sentence="Off turns away every key of that API, at once on every node. People who are signed in are not affected."
      waiting={answer.waiting}
      state={stateOf(answer)}
    >
      <Answered answer={answer} seenBy={rolesHolding('directory:read')}>
        {({ organization }) => {
          const valueNamed = (setting: string) => organization.find(({ name }) => name === setting)?.value
          const isPrimary = valueNamed('owner_email') === page.person.name
          return (
            <>
              <ul className={styles.cards}>
                {(['compliance', 'analytics'] as const).map((api) => {
                  const on = valueNamed(about[api].setting) === 'on'
                  return (
                    <li key={api}>
                      <div>
                        <h3>{about[api].name}</h3>
                        <p>{about[api].meaning}</p>
                      </div>
                      <p className={styles.buttons}>
                        <span className={styles.mark} data-tone={on ? 'good' : 'warn'}>
                          {on ? 'on' : 'off'}
                        </span>
                        {isPrimary && (
                          <button type="button" className={`${styles.button} ${styles.small}`} onClick={() => setTurning({ api, on: !on })}>
                            Switch it {on ? 'off' : 'on'}
                            <span className="unseen"> – {about[api].name}</span>
                          </button>
                        )}
                      </p>
                    </li>
                  )
                })}
              </ul>
              {!isPrimary && (
                <p className={styles.note}>The primary owner switches them: {String(valueNamed('owner_email') ?? 'nobody')}.</p>
              )}
            </>
          )
        }}
      </Answered>
      {turning !== null && <Turn {...turning} onClose={() => setTurning(null)} />}
    </Part>
  )
}

function Turn({ api, on, onClose }: Turned & { onClose(): void }) {
  const { name, meaning } = about[api]
  return (
    <FormDialog
      title={`Switch the ${name} ${on ? 'on' : 'off'}`}
      act={`Switch it ${on ? 'on' : 'off'}`}
      dangerous={!on}
      done={`The ${name} is ${on ? 'on' : 'off'}.`}
      onAct={() => send('PUT', '/api/settings/apis', apiSwitches, { api, on })}
      onClose={onClose}
    >
      <p>
        {on ? 'These get in again' : 'These are turned away at once, on every node, until you switch it on again'}: {meaning} Each one
        turned away is told why, and is on record.
      </p>
    </FormDialog>
  )
}
