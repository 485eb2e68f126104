import styles from '../admin/admin.module.css'
import { PageHead } from '../admin/page-head.tsx'
import { holds, rolesHolding } from '../admin/words.ts'
import { Approvals } from './approvals.tsx'
import { BreakGlass } from './break-glass.tsx'
import { Explain } from './explain.tsx'
import { Findings } from './findings.tsx'
import { Invitations } from './invitations.tsx'
import { MemberList } from './member-list.tsx'

/** Who signs in, what they may do, and what waits to be looked at. */
export function Members() {
  return (
    <>
      <PageHead title="Members" lead="Who signs in to Daybook, what they may do, and what waits to be looked at" />
      <div className={styles.parts}>
        {holds('directory:read') && <Findings />}
        <MemberList />
        {holds('people:manage') ? (
          <>
            <Invitations />
            <Approvals />
            <BreakGlass />
            <Explain />
          </>
        ) : (
          <p className={styles.note}>Inviting people and changing what they may do is for {rolesHolding('people:manage')}.</p>
        )}
      </div>
    </>
  )
}
