import styles from './admin.module.css'

/** A text to keep, which scrolls rather than break: broken in two it would be copied wrongly. */
export function SecretText({ name, text }: { name: string; text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard
    <section className={styles.secret} tabIndex={0} aria-label={name} data-testid="secret">
      <code>{text}</code>
    </section>
  )
}
