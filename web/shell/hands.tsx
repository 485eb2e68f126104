import { useNavigate } from '@tanstack/react-router'
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react'
import { announce } from '../announce.tsx'
import { printBookmark, printSearch, sameWorkspace } from '../bookmark/bookmark.ts'
import { fixed, neighbour } from '../bookmark/ranges.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { today } from '../page.ts'
import { turnedOver } from '../panel/spec.ts'
import { destinations, type Hands, type Overlay } from './commands.ts'

/** The hands, and what they hold open at the moment: that dies with the page and stands in no link. */
export interface Held extends Hands {
  readonly opened: Overlay | null
  close(): void
}

const HandsContext = createContext<Held | null>(null)

export function useHands(): Held {
  const hands = useContext(HandsContext)
  if (hands === null) throw new Error('this is outside the shell')
  return hands
}

export function HandsProvider({ panels, children }: { panels: readonly string[]; children: ReactNode }) {
  const { bookmark, change } = useBookmark()
  const navigate = useNavigate()
  const [opened, setOpened] = useState<Overlay | null>(null)
  const hands = useMemo(
    (): Held => ({
      bookmark,
      change,
      opened,
      open: setOpened,
      close: () => setOpened(null),
      go: (path) =>
        destinations.some((one) => one.own && one.path === path)
          ? void navigate({ to: path, search: sameWorkspace(bookmark) })
          : location.assign(path),
      press: (control) => {
        const found = document.querySelector<HTMLElement>(`[data-command="${control}"]`)
        if (found?.matches('input:not([type="checkbox"]), select')) return found.focus()
        // What it opens gives the focus back to it.
        if (found?.matches('button')) found.focus()
        found?.click()
      },
      move: (direction) => {
        const range = neighbour(bookmark.range, direction, today())
        if (range) change({ range })
        else announce('There is nothing later than today.')
      },
      turnTables: () => {
        const panel = focusedPanel()
        if (panel !== null) return change({ tables: turnedOver(bookmark.tables, panel, panels) })
        change({ tables: bookmark.tables === 'all' ? [] : 'all' })
      },
      copyLink: (days) => {
        if (location.pathname !== '/overview') return void copy(location.href)
        const { text } = bookmark.range
        const search = printSearch(printBookmark({ ...bookmark, range: { text: days === 'fixed' ? fixed(bookmark.range) : text } }))
        void copy(`${location.origin}${location.pathname}${search}`)
      },
    }),
    [bookmark, change, navigate, opened, panels],
  )
  return <HandsContext value={hands}>{children}</HandsContext>
}

export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    announce('The link is copied.')
  } catch {
    announce('The browser does not let this page copy. The link stands in the address line.')
  }
}

/** The panel that the keyboard is in. */
function focusedPanel(): string | null {
  return document.activeElement?.closest<HTMLElement>('[data-panel]')?.dataset.panel ?? null
}
