import { Menu } from '@mantine/core'
import { IconDownload, IconLink } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { type AnalyticsReply, analyticsReply } from '../../contract/analytics.ts'
import { questionAddress } from '../ask/question.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { downloadSheet } from '../panel/download.ts'
import type { PanelSpec } from '../panel/spec.ts'
import { useHands } from '../shell/hands.tsx'
import styles from './top.module.css'

/** Each panel of the page as a file, and the page as a link. */
export function DownloadMenu({ specs }: { specs: readonly PanelSpec[] }) {
  const queries = useQueryClient()
  const { bookmark, workspace } = useBookmark()
  const { opened, open, close, copyLink } = useHands()
  const replyOf = (spec: PanelSpec): AnalyticsReply | null => {
    const known = analyticsReply.safeParse(queries.getQueryData([questionAddress(spec.ask(bookmark), bookmark, workspace ?? '')]))
    return known.success ? known.data : null
  }
  return (
    <Menu opened={opened === 'download'} onChange={(on) => (on ? open('download') : close())} position="bottom-end" shadow="md" width={300}>
      <Menu.Target>
        <button type="button" className={`${styles.button} ${styles.download}`}>
          <IconDownload aria-hidden size={17} />
          Download
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {opened === 'download' &&
          specs.map((spec) => {
            const reply = replyOf(spec)
            return (
              <Menu.Item
                key={spec.id}
                rightSection={<small>CSV</small>}
                disabled={reply === null}
                onClick={() => reply && void downloadSheet(spec, spec.sheet(reply, bookmark), bookmark)}
              >
                {spec.title}
              </Menu.Item>
            )
          })}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLink aria-hidden size={16} />} onClick={() => copyLink('as they are')}>
          Copy the link
        </Menu.Item>
        <Menu.Item leftSection={<IconLink aria-hidden size={16} />} onClick={() => copyLink('fixed')}>
          Copy the link with fixed dates
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
