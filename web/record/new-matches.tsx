import { useBookmark } from '../bookmark/use-bookmark.ts'
import { written } from '../format.ts'
import own from './record.module.css'
import { useSavedSearches } from './use-saved-searches.ts'

/** How much saved searches have found that nobody has seen; nothing where there is nothing. */
export function NewMatches() {
  const { workspace } = useBookmark()
  const { reply } = useSavedSearches(workspace)
  const found = (reply?.data ?? []).reduce((sum, { new_matches }) => sum + new_matches, 0)
  if (found === 0) return null
  return (
    <span className={own.badge} data-testid="new-matches">
      {written(found, 'count')}
      <span className="unseen"> new {found === 1 ? 'match' : 'matches'} of saved searches</span>
    </span>
  )
}
