import { IconCopy } from '@tabler/icons-react'
import { announce } from '../announce.tsx'
import styles from './first-run.module.css'

/** Something to type, and the button that copies it; `of` says what it does to whoever only hears the button. */
export function CommandLine({ text, of }: { text: string; of: string }) {
  return (
    <div className={styles.command}>
      <pre>
        <code>{text}</code>
      </pre>
      <button type="button" className={styles.copy} onClick={() => void copyText(text)}>
        <IconCopy aria-hidden size={16} /> Copy<span className="unseen"> the command for {of}</span>
      </button>
    </div>
  )
}

async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    announce('Copied.')
  } catch {
    announce('The browser does not let this page copy: select the text instead.')
  }
}
