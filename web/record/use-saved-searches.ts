import type { z } from 'zod'
import { savedSearchList, searchPaths } from '../../contract/search.ts'
import { type Answer, useReply } from '../ask/use-answer.ts'
import { printSearch } from '../bookmark/bookmark.ts'

export const savedAddress = (workspace: string) => `${searchPaths.saved}${printSearch({ workspace_id: workspace })}`

export function useSavedSearches(workspace: string | null): Answer<z.output<typeof savedSearchList>> {
  return useReply(workspace === null ? null : savedAddress(workspace), savedSearchList, { onFocus: false })
}
