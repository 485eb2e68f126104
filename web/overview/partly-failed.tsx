import { useIsFetching, useQueryClient } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { questionAddress } from '../ask/question.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { Alert } from '../top/alert.tsx'
import { overviewPanels } from './panels.ts'

/** Which part of the page did not come, said once at the top; each panel says why. */
export function PartlyFailed() {
  const queries = useQueryClient()
  const { bookmark, workspace } = useBookmark()
  const cache = queries.getQueryCache()
  const keys = overviewPanels.map((spec) => questionAddress(spec.ask(bookmark), bookmark, workspace ?? ''))
  const failed = useSyncExternalStore(
    (tell) => cache.subscribe(tell),
    () =>
      overviewPanels
        .filter((_, at) => isBroken(queries.getQueryState([keys[at] ?? ''])?.error))
        .map(({ title }) => title)
        .join(' · '),
  )
  const fetching = useIsFetching()
  if (failed === '' || fetching > 0) return null
  return (
    <Alert words="Retry them" onDismiss={() => void queries.refetchQueries({ predicate: ({ state }) => state.status === 'error' })}>
      Some of this page could not be counted: {failed}
    </Alert>
  )
}

/** A role that may not see something is no failure, nor is a figure that a filter does not fit. */
function isBroken(error: Error | null | undefined): boolean {
  return error != null && !('status' in error && (error.status === 400 || error.status === 401 || error.status === 403))
}
