import { useState } from 'react'
import { done, type IdentityShown } from '../../contract/account.ts'
import styles from '../admin/admin.module.css'
import { FormDialog } from '../admin/dialog.tsx'
import { send } from '../admin/send.ts'
import { Moment } from '../sources/moment.tsx'

/** Whoever vouches for the reader elsewhere. */
export function Providers({ providers }: { providers: readonly IdentityShown[] }) {
  const [forgetting, setForgetting] = useState<IdentityShown | null>(null)
  if (providers.length === 0) return null
  return (
    <li>
      <div>
        <h3>Providers</h3>
        {providers.map((identity) => (
          <p key={identity.provider} className={styles.buttons}>
            <strong>{identity.name}</strong>
            <span className={styles.hint}>
              {identity.email ?? ''} since <Moment at={identity.linked_at} />
              {identity.last_used_at !== null && (
                <>
                  , last used <Moment at={identity.last_used_at} />
                </>
              )}
            </span>
            <button type="button" className={`${styles.button} ${styles.small}`} onClick={() => setForgetting(identity)}>
              Forget<span className="unseen"> {identity.name}</span>
            </button>
          </p>
        ))}
      </div>
      {forgetting !== null && (
        <FormDialog
          title={`Forget ${forgetting.name}`}
          act="Forget it"
          dangerous
          done={`${forgetting.name} is forgotten.`}
          onAct={() => send('DELETE', `/api/account/providers/${encodeURIComponent(forgetting.provider)}`, done)}
          onClose={() => setForgetting(null)}
        >
          <p>Who you are there no longer lets you in here. You need another way in: the last one cannot be removed.</p>
        </FormDialog>
      )}
    </li>
  )
}
