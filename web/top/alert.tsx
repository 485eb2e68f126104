import { IconInfoCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import styles from './top.module.css'

export interface AlertProps {
  readonly children: ReactNode
  readonly words: string
  onDismiss(): void
}

/** A remark about the page as a whole, with the one thing to do about it. */
export function Alert({ children, words, onDismiss }: AlertProps) {
  return (
    <div className={styles.alert} role="status">
      <IconInfoCircle aria-hidden size={20} />
      <p>{children}</p>
      <button type="button" className={styles.button} onClick={onDismiss}>
        {words}
      </button>
    </div>
  )
}
