import { Menu } from '@mantine/core'
import { IconChartBar, IconDots, IconDownload, IconInfoCircle, IconLink, IconTable } from '@tabler/icons-react'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { panelIds } from '../overview/panels.ts'
import { copy } from '../shell/hands.tsx'
import { downloadSheet } from './download.ts'
import styles from './panel.module.css'
import { isTable, type PanelSpec, turnedOver } from './spec.ts'
import type { PanelState } from './state.ts'

export interface PanelMenuProps {
  readonly spec: PanelSpec
  readonly state: PanelState
  readonly how: boolean
  onHow(): void
}

export function PanelMenu({ spec, state, how, onHow }: PanelMenuProps) {
  const { bookmark, change } = useBookmark()
  const table = isTable(bookmark, spec.id)
  const reply = state.kind === 'ready' ? state.reply : null
  return (
    <Menu position="bottom-end" shadow="md" width={240}>
      <Menu.Target>
        <button type="button" className={styles.icon} aria-label={`More about “${spec.title}”`}>
          <IconDots aria-hidden size={18} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={table ? <IconChartBar aria-hidden size={16} /> : <IconTable aria-hidden size={16} />}
          onClick={() => change({ tables: turnedOver(bookmark.tables, spec.id, panelIds) })}
        >
          {table ? 'Show as drawn' : 'Show as a table'}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconDownload aria-hidden size={16} />}
          disabled={reply === null}
          onClick={() => reply && void downloadSheet(spec, spec.sheet(reply, bookmark), bookmark)}
        >
          Download as CSV
        </Menu.Item>
        <Menu.Item leftSection={<IconLink aria-hidden size={16} />} onClick={() => void copy(`${location.href.split('#')[0]}#${spec.id}`)}>
          Copy a link to it
        </Menu.Item>
        <Menu.Item leftSection={<IconInfoCircle aria-hidden size={16} />} onClick={onHow}>
          {how ? 'Hide how it is computed' : 'How is this computed?'}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
