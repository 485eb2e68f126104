import { useNavigate, useRouterState } from '@tanstack/react-router'
import { useMemo } from 'react'
import { readSearch, sameWorkspace } from '../bookmark/bookmark.ts'
import { valuesOf } from '../bookmark/filters.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'

/** The parameters of a page of its own; an empty one is left out of the address. Each change is a step that Back undoes. */
export function usePageQuery<N extends string>(names: readonly N[]): [Record<N, string>, (part: Partial<Record<N, string>>) => void] {
  const search = useRouterState({ select: (state) => state.location.searchStr })
  const { bookmark } = useBookmark()
  const navigate = useNavigate()
  return useMemo(() => {
    const parameters = readSearch(search)
    // Every name has its value: the entries are made of all names.
    const values = Object.fromEntries(names.map((name) => [name, valuesOf(parameters[name])[0] ?? ''])) as Record<N, string>
    const change = (part: Partial<Record<N, string>>) => {
      const given = Object.entries<string>({ ...values, ...part }).filter(([, value]) => value !== '')
      void navigate({ to: '.', search: { ...sameWorkspace(bookmark), ...Object.fromEntries(given) }, resetScroll: false })
    }
    return [values, change]
  }, [search, bookmark, navigate, names])
}
