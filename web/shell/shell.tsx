import { IconMenu2 } from '@tabler/icons-react'
import { Outlet, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import { Announcer } from '../announce.tsx'
import { panelIds } from '../overview/panels.ts'
import { page } from '../page.ts'
import { Account } from './account.tsx'
import { commandsFor } from './commands.ts'
import { HandsProvider, useHands } from './hands.tsx'
import { Navigation } from './navigation.tsx'
import styles from './shell.module.css'
import { useKeyboard, useLetters } from './use-keyboard.ts'

const NarrowSide = lazy(() => import('./narrow-side.tsx').then(({ NarrowSide }) => ({ default: NarrowSide })))
const Palette = lazy(() => import('./palette.tsx').then(({ Palette }) => ({ default: Palette })))
const Help = lazy(() => import('./help.tsx').then(({ Help }) => ({ default: Help })))

/** The frame of every page: where one can go, what the page is about, and the keyboard. */
export function Shell() {
  return (
    <HandsProvider panels={panelIds}>
      <Frame />
    </HandsProvider>
  )
}

function Frame() {
  const hands = useHands()
  const path = useRouterState({ select: (state) => state.location.pathname })
  const commands = useMemo(() => commandsFor(page.person.scopes, path), [path])
  const [letters, setLetters] = useLetters()
  useKeyboard(commands, hands, letters)
  useHeadingFocus()
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#main">
        Skip to the content
      </a>
      <aside className={styles.side} aria-label="Where to go, and you">
        <p className={styles.brand}>
          <a href="/">Daybook</a>
        </p>
        <Navigation />
        <Account />
      </aside>
      <NarrowTop />
      <main id="main" className={styles.main} tabIndex={-1}>
        <Outlet />
      </main>
      <Announcer />
      <Suspense>
        {hands.opened === 'palette' && <Palette commands={commands} />}
        {hands.opened === 'help' && <Help commands={commands} letters={letters} onLetters={setLetters} />}
      </Suspense>
    </div>
  )
}

/** On a narrow screen the navigation waits in a drawer. */
function NarrowTop() {
  const [opened, setOpened] = useState(false)
  const [wanted, setWanted] = useState(false)
  const open = () => {
    setWanted(true)
    setOpened(true)
  }
  return (
    <nav className={styles.narrow} aria-label="Menu">
      <button type="button" className={styles.burger} aria-label="Navigation" aria-expanded={opened} onClick={open}>
        <IconMenu2 aria-hidden size={22} />
      </button>
      <span className={styles.brand}>Daybook</span>
      <Suspense>{wanted && <NarrowSide opened={opened} onClose={() => setOpened(false)} />}</Suspense>
    </nav>
  )
}

/** Whoever goes to another page is put before its heading; the first page leaves the focus where the browser has it. */
function useHeadingFocus(): void {
  // The page that is drawn, not the one that is on its way: its heading is there.
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname })
  const last = useRef(path)
  useEffect(() => {
    const before = last.current
    last.current = path
    if (before !== undefined && before !== path) document.querySelector('h1')?.focus()
  }, [path])
}
