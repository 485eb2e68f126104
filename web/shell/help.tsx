import { Modal, Switch } from '@mantine/core'
import type { Command } from './commands.ts'
import { useHands } from './hands.tsx'
import { keyWords } from './key-words.ts'
import styles from './shell.module.css'

export interface HelpProps {
  readonly commands: readonly Command[]
  readonly letters: boolean
  onLetters(on: boolean): void
}

export function Help({ commands, letters, onLetters }: HelpProps) {
  const { close } = useHands()
  const groups = [...new Set(commands.map(({ group }) => group))]
  return (
    <Modal opened onClose={close} title="Keyboard" size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Switch
        label="Single letters act"
        description="Never in a field. Ctrl K and Esc work either way."
        checked={letters}
        onChange={(event) => onLetters(event.currentTarget.checked)}
      />
      <div className={styles.help}>
        {groups.map((group) => (
          <section key={group} aria-label={group}>
            <h3>{group}</h3>
            <dl>
              {commands
                .filter((command) => command.group === group && command.keys !== '')
                .map(({ id, title, keys }) => (
                  <div key={id}>
                    <dt>{title}</dt>
                    <dd>
                      <kbd>{keyWords(keys)}</kbd>
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  )
}
