import { useNavigate, useRouterState } from '@tanstack/react-router'
import { useMemo } from 'react'
import { page, today } from '../page.ts'
import { type BookmarkChange, printBookmark, type ReadBookmark, readBookmark, readSearch } from './bookmark.ts'

export interface UsedBookmark extends ReadBookmark {
  /** The workspace that the page is about; null: the reader has none. */
  readonly workspace: string | null
  /** Goes where the same link with this changed would lead. */
  change(part: BookmarkChange): void
}

/** The address is the only place where the state of a page lives; a change is a step that Back undoes. */
export function useBookmark(): UsedBookmark {
  const search = useRouterState({ select: (state) => state.location.searchStr })
  const navigate = useNavigate()
  return useMemo(() => {
    const read = readBookmark(readSearch(search), today())
    const { bookmark } = read
    const known = page.workspaces.some(({ id }) => id === bookmark.workspace)
    const ignored = bookmark.workspace === null || known ? read.ignored : [...read.ignored, 'The link names a workspace that is not yours.']
    return {
      ...read,
      ignored,
      workspace: (known ? bookmark.workspace : page.workspaces[0]?.id) ?? null,
      change: (part) => void navigate({ to: '.', search: printBookmark({ ...bookmark, ...part }), resetScroll: false }),
    }
  }, [search, navigate])
}
