import { lazy, Suspense } from 'react'
import type { AnalyticsReply } from '../../contract/analytics.ts'
import { useAnswer } from '../ask/use-answer.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { TopLine } from '../top/top-line.tsx'
import { NothingHere } from './nothing-here.tsx'
import styles from './overview.module.css'
import { headline, overviewPanels } from './panels.ts'
import { PartlyFailed } from './partly-failed.tsx'
import { Stats } from './stats.tsx'

const FirstRun = lazy(() => import('../first-run/first-run.tsx').then(({ FirstRun }) => ({ default: FirstRun })))
const NoWorkspace = lazy(() => import('../first-run/no-workspace.tsx').then(({ NoWorkspace }) => ({ default: NoWorkspace })))
const AllPanels = lazy(() => import('./all-panels.tsx').then(({ AllPanels }) => ({ default: AllPanels })))
const Reconciliation = lazy(() => import('./reconciliation.tsx').then(({ Reconciliation }) => ({ default: Reconciliation })))

/** Is it taking hold? Numbers first, then what they are made of. */
export function Overview() {
  const { bookmark, workspace } = useBookmark()
  const answer = useAnswer(headline.ask(bookmark))
  if (workspace === null)
    return (
      <Suspense>
        <title>Overview · Daybook</title>
        <NoWorkspace title="Overview" />
      </Suspense>
    )
  return (
    <>
      <title>Overview · Daybook</title>
      <TopLine title="Overview" specs={overviewPanels} reply={answer.reply} />
      <NothingHere reply={answer.reply} />
      <Suspense>{isEmpty(answer.reply) && <FirstRun />}</Suspense>
      <PartlyFailed />
      <div className={styles.grid}>
        <Stats answer={answer} />
        <Suspense fallback={<div className={styles.panelsSpace} />}>
          <AllPanels />
        </Suspense>
      </div>
      <Suspense>{bookmark.open === 'reconciliation' && <Reconciliation />}</Suspense>
    </>
  )
}

/** Nothing in the range: the workspace may be new. The first steps ask the server, and are not shown where they are done. */
function isEmpty(reply: AnalyticsReply | null): boolean {
  return reply !== null && (reply.data_through === null || reply.total.messages === 0)
}
