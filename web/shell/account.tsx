import { SegmentedControl, useMantineColorScheme } from '@mantine/core'
import { page } from '../page.ts'
import { useHands } from './hands.tsx'
import styles from './shell.module.css'

const schemes = [
  { value: 'auto', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const

/** Who is reading, and how they like to see it. */
export function Account() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const { open } = useHands()
  return (
    <div className={styles.account}>
      <SegmentedControl
        aria-label="Colours"
        size="xs"
        fullWidth
        data={schemes.map((one) => ({ ...one }))}
        value={colorScheme}
        onChange={(value) => setColorScheme(schemes.find((one) => one.value === value)?.value ?? 'auto')}
      />
      <button type="button" className={styles.plain} onClick={() => open('help')}>
        Keyboard help <kbd>?</kbd>
      </button>
      <p className={styles.who}>{page.person.name}</p>
      <form method="post" action="/sign-out">
        <button type="submit" className={styles.plain}>
          Sign out
        </button>
      </form>
    </div>
  )
}
