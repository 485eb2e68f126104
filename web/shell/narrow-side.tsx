import { Drawer } from '@mantine/core'
import { Account } from './account.tsx'
import { Navigation } from './navigation.tsx'
import styles from './shell.module.css'

/** The navigation over the page; a link in it closes it. */
export function NarrowSide({ opened, onClose }: { opened: boolean; onClose(): void }) {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      size={280}
      title="Daybook"
      closeButtonProps={{ 'aria-label': 'Close the navigation' }}
      classNames={{ body: styles.drawer }}
    >
      <Navigation onGo={onClose} />
      <Account />
    </Drawer>
  )
}
