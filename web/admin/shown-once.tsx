import { IconCopy } from '@tabler/icons-react'
import { type ReactNode, useEffect, useEffectEvent, useState } from 'react'
import { announce } from '../announce.tsx'
import styles from './admin.module.css'
import { Dialog } from './dialog.tsx'
import { SecretText } from './secret-text.tsx'

export interface ShownOnceProps {
  readonly title: string
  /** What it is, as in "Copy the link". */
  readonly what: string
  readonly text: string
  readonly children: ReactNode
  onClose(): void
}

/** Something that is shown this once: closed, left or gone back to, it is nowhere any more. */
export function ShownOnce({ title, what, text, children, onClose }: ShownOnceProps) {
  const [copied, setCopied] = useState(false)
  const close = useEffectEvent(onClose)
  useEffect(() => {
    const forget = () => close()
    window.addEventListener('pagehide', forget)
    return () => window.removeEventListener('pagehide', forget)
  }, [])
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setCopied(true)
      announce('Copied.')
    } catch {
      announce('The browser does not let this page copy: select the text instead.')
    }
  }
  return (
    <Dialog title={title} once onClose={onClose}>
      <div className={styles.form}>
        <p className={styles.warning}>
          <strong>This is shown once.</strong> {children}
        </p>
        <SecretText name={what} text={text} />
        <p className={styles.buttons}>
          <button type="button" className={styles.main} data-autofocus onClick={() => void copy()}>
            <IconCopy aria-hidden size={16} /> {copied ? 'Copied' : `Copy the ${what}`}
          </button>
          <button type="button" className={styles.button} onClick={onClose}>
            I have kept it
          </button>
        </p>
      </div>
    </Dialog>
  )
}
