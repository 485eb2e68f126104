import { useQuery } from '@tanstack/react-query'
import type { Temporal } from 'temporal-polyfill'
import { type AnalyticsReply, analyticsReply } from '../../contract/analytics.ts'
import { printSearch } from '../bookmark/bookmark.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { monthName } from '../format.ts'
import { today } from '../page.ts'
import { drawable } from '../sheet/sheet.ts'
import { Alert } from '../top/alert.tsx'

/** When a range without a filter holds nothing at all, says where the newest messages are: an imported record may end years ago. */
export function NothingHere({ reply }: { reply: AnalyticsReply | null }) {
  const { bookmark, workspace, change } = useBookmark()
  const nothing = reply !== null && reply.data_through !== null && reply.total.messages === 0 && reply.total.tool_messages === 0
  const asked = nothing && bookmark.filters.length === 0 && workspace !== null
  const newest = useQuery({
    queryKey: ['newest month', workspace],
    queryFn: ({ signal }) => newestMonth(workspace ?? '', today(), signal),
    enabled: asked,
  })
  const month = newest.data
  if (!asked || !month) return null
  return (
    <Alert words={`Show ${monthName(`${month}-01`)}`} onDismiss={() => change({ range: { text: month } })}>
      Nobody wrote anything in this range. The newest messages are from {monthName(`${month}-01`)}.
    </Alert>
  )
}

/** Looks a year at a time, ten years back. */
async function newestMonth(workspace: string, day: Temporal.PlainDate, signal: AbortSignal): Promise<string | null> {
  for (let back = 0; back < 10; back++) {
    const last = day.subtract({ years: back })
    const range = `${last.subtract({ years: 1 }).add({ days: 1 })}..${last}`
    const search = printSearch({ workspace_id: workspace, metrics: 'messages', by: 'month', range })
    const response = await fetch(`/api/analytics/query${search}`, { signal })
    if (!response.ok) return null
    const { rows } = analyticsReply.parse(await response.json())
    const found = [...rows].reverse().find((row) => (drawable(row.messages) ?? 0) > 0)
    if (typeof found?.month === 'string') return found.month.slice(0, 7)
  }
  return null
}
