import { lazy, Suspense } from 'react'
import { useAnswer } from '../ask/use-answer.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { TopLine } from '../top/top-line.tsx'
import { NothingHere } from './nothing-here.tsx'
import styles from './overview.module.css'
import { headline, overviewPanels } from './panels.ts'
import { PartlyFailed } from './partly-failed.tsx'
import { Stats } from './stats.tsx'

const AllPanels = lazy(() => import('./all-panels.tsx').then(({ AllPanels }) => ({ default: AllPanels })))
const Reconciliation = lazy(() => import('./reconciliation.tsx').then(({ Reconciliation }) => ({ default: Reconciliation })))

/** Is it taking hold? Numbers first, then what they are made of. */
export function Overview() {
  const { bookmark } = useBookmark()
  const answer = useAnswer(headline.ask(bookmark))
  return (
    <>
      <title>Overview · Daybook</title>
      <TopLine title="Overview" specs={overviewPanels} reply={answer.reply} />
      <NothingHere reply={answer.reply} />
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
