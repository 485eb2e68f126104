import { useNavigate, useRouterState } from '@tanstack/react-router'
import { useMemo } from 'react'
import { readSearch, sameWorkspace } from '../bookmark/bookmark.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { type LetterView, printLetterView, readLetterView } from './letter-view.ts'

export function useLetterView(): { view: LetterView; show(view: LetterView): void } {
  const search = useRouterState({ select: (state) => state.location.searchStr })
  const { bookmark } = useBookmark()
  const navigate = useNavigate()
  return useMemo(
    () => ({
      view: readLetterView(readSearch(search)),
      show: (view) => void navigate({ to: '.', search: { ...sameWorkspace(bookmark), ...printLetterView(view) }, resetScroll: false }),
    }),
    [search, bookmark, navigate],
  )
}
