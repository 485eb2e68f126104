import type { ReactNode } from 'react'
import styles from './sources.module.css'

/** What is wider than the screen scrolls in here, and the page stays. */
export function ScrollBox({ name, children }: { name: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard
    <section className={styles.box} tabIndex={0} aria-label={`${name}, as a table`}>
      {children}
    </section>
  )
}
