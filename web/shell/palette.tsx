import { Spotlight } from '@mantine/spotlight'
import { IconSearch } from '@tabler/icons-react'
import { useEffect } from 'react'
import '@mantine/spotlight/styles.css'
import { spotlight } from '@mantine/spotlight'
import type { Command } from './commands.ts'
import { useHands } from './hands.tsx'
import { keyWords } from './key-words.ts'

/** Every command by its name. */
export function Palette({ commands }: { commands: readonly Command[] }) {
  const hands = useHands()
  useEffect(() => spotlight.open(), [])
  const groups = [...new Set(commands.map(({ group }) => group))]
  const actions = groups.map((group) => ({
    group,
    actions: commands
      .filter((command) => command.group === group && command.id !== 'palette')
      .map((command) => ({
        id: command.id,
        label: command.title,
        rightSection: <kbd>{keyWords(command.keys)}</kbd>,
        onClick: () => command.run(hands),
      })),
  }))
  return (
    <Spotlight
      actions={actions}
      shortcut={null}
      attributes={{ content: { 'aria-label': 'Commands' } }}
      highlightQuery
      scrollable
      maxHeight={420}
      nothingFound="No command is called that."
      onSpotlightClose={hands.close}
      searchProps={{ leftSection: <IconSearch aria-hidden size={18} />, placeholder: 'What do you want to do?', 'aria-label': 'Command' }}
    />
  )
}
