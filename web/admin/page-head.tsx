import type { ReactNode } from 'react'
import styles from './admin.module.css'

/** The heading of a page, in the tab as on the screen. */
export function PageHead({ title, lead, children }: { title: string; lead: string; children?: ReactNode }) {
  return (
    <header className={styles.head}>
      <title>{`${title} · Daybook`}</title>
      <div>
        <h1 tabIndex={-1}>{title}</h1>
        <p className={styles.lead}>{lead}</p>
      </div>
      {children !== undefined && <p className={styles.buttons}>{children}</p>}
    </header>
  )
}
