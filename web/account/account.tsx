import { useState } from 'react'
import { account } from '../../contract/account.ts'
import styles from '../admin/admin.module.css'
import { PageHead } from '../admin/page-head.tsx'
import { ShownOnce } from '../admin/shown-once.tsx'
import { roleNames } from '../admin/words.ts'
import { useReply } from '../ask/use-answer.ts'
import { Moment } from '../sources/moment.tsx'
import { Answered, Part, stateOf } from '../sources/part.tsx'
import { Passkeys } from './passkeys.tsx'
import { Password } from './password.tsx'
import { Providers } from './providers.tsx'
import { Sessions } from './sessions.tsx'

/** One's own ways in, and where one is signed in. */
export function OwnAccount() {
  const answer = useReply('/api/account', account)
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  return (
    <>
      <PageHead title="Account" lead="Your ways in, and where you are signed in" />
      <div className={styles.parts}>
        <Part
          id="ways"
          title="How do you come in?"
          sentence="A passkey, a password with the codes of an app, or whoever vouches for you. A change needs a sign-in of the last ten minutes."
          waiting={answer.waiting}
          state={stateOf(answer)}
        >
          <Answered answer={answer} seenBy="whoever is signed in">
            {(reply) => (
              <div className={styles.form}>
                <dl className={styles.facts}>
                  <dt>E-mail</dt>
                  <dd>{reply.email}</dd>
                  <dt>Roles</dt>
                  <dd>{roleNames(reply.roles) || 'none'}</dd>
                  <dt>This session ends</dt>
                  <dd>
                    <Moment at={reply.session.expires_at} />
                  </dd>
                </dl>
                <ul className={styles.cards}>
                  <Passkeys passkeys={reply.passkeys} />
                  <Password password={reply.password} onCodes={setCodes} />
                  <Providers providers={reply.providers} />
                </ul>
              </div>
            )}
          </Answered>
        </Part>
        <Sessions />
      </div>
      {codes !== null && (
        <ShownOnce title="Your recovery codes" what="codes" text={codes.join('\n')} onClose={() => setCodes(null)}>
          Each replaces one code of the app, once. Keep them where your phone is not; codes you had before are dead.
        </ShownOnce>
      )}
    </>
  )
}
