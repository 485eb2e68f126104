import {
  IconAdjustments,
  IconApi,
  IconChartDots3,
  IconFileText,
  IconHistory,
  IconHome,
  IconKey,
  IconPlug,
  IconSearch,
  IconUserCircle,
  IconUsers,
} from '@tabler/icons-react'
import { Link, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { sameWorkspace } from '../bookmark/bookmark.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { page } from '../page.ts'
import { type Destination, destinationsFor } from './commands.ts'
import styles from './shell.module.css'

const NewMatches = lazy(() => import('../record/new-matches.tsx').then(({ NewMatches }) => ({ default: NewMatches })))

const all = destinationsFor(page.person.scopes)
const icons: Record<string, typeof IconHome> = {
  '/overview': IconChartDots3,
  '/record': IconFileText,
  '/record/search': IconSearch,
  '/sources': IconPlug,
  '/members': IconUsers,
  '/keys': IconKey,
  '/access': IconHistory,
  '/settings': IconAdjustments,
  '/account': IconUserCircle,
  '/': IconHome,
  '/api/docs': IconApi,
}

export function Navigation({ onGo }: { onGo?(): void }) {
  return (
    <>
      <WorkspaceChooser />
      <nav aria-label="Main">
        <ul className={styles.links}>
          {all
            .filter(({ own }) => own)
            .map((one) => (
              <Item key={one.path} {...one} onGo={onGo} />
            ))}
        </ul>
        <hr className={styles.rule} />
        <ul className={styles.links}>
          {all
            .filter(({ own }) => !own)
            .map((one) => (
              <Item key={one.path} {...one} />
            ))}
        </ul>
      </nav>
    </>
  )
}

function Item({ path, name, own, onGo }: Destination & { onGo?: (() => void) | undefined }) {
  const here = useRouterState({ select: (state) => state.location.pathname })
  const { bookmark } = useBookmark()
  const Icon = icons[path] ?? IconHome
  const inside = (
    <>
      <Icon aria-hidden size={18} stroke={1.7} />
      {name}
    </>
  )
  if (!own)
    return (
      <li>
        <a href={path}>{inside}</a>
      </li>
    )
  return (
    <li>
      <Link
        to={path}
        search={sameWorkspace(bookmark)}
        activeOptions={{ exact: true }}
        aria-current={pageOf(here) === path ? 'page' : undefined}
        onClick={onGo}
      >
        {inside}
        {path === '/record/search' && (
          <Suspense>
            <NewMatches />
          </Suspense>
        )}
      </Link>
    </li>
  )
}

/** A conversation is a page of the record. */
const pageOf = (path: string) => (path === '/record/conversation' ? '/record' : path)

function WorkspaceChooser() {
  const { workspace, change } = useBookmark()
  const [only] = page.workspaces
  if (page.person.scopes.length === 0) return null
  if (page.workspaces.length < 2) return <p className={styles.workspace}>{only?.name ?? 'No workspace yet'}</p>
  return (
    <label className={styles.chooser}>
      Workspace
      <select value={workspace ?? ''} onChange={(event) => change({ workspace: event.currentTarget.value, filters: [] })}>
        {page.workspaces.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
