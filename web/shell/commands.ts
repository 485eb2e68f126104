import type { Scope } from '../../contract/people.ts'
import type { Bookmark, BookmarkChange } from '../bookmark/bookmark.ts'
import { presets } from '../bookmark/ranges.ts'

/** What lies over the page until it is closed. */
export type Overlay = 'help' | 'palette' | 'range' | 'filters' | 'download'

/** What a command may do. */
export interface Hands {
  readonly bookmark: Bookmark
  change(part: BookmarkChange): void
  move(direction: -1 | 1): void
  go(path: string): void
  open(overlay: Overlay): void
  turnTables(): void
  copyLink(days: 'as they are' | 'fixed'): void
}

export interface Command {
  readonly id: string
  readonly group: 'Go to' | 'Range' | 'Compare' | 'Page'
  readonly title: string
  /** Keys one after another, such as `d f`; empty: from the menu only. */
  readonly keys: string
  run(hands: Hands): void
}

export interface Destination {
  readonly path: string
  readonly name: string
  readonly keys: string
  /** Drawn by this app; the others are pages of the server. */
  readonly own: boolean
  readonly scope: Scope | null
}

/** The navigation; what is not built yet is not there. */
export const destinations: readonly Destination[] = [
  { path: '/overview', name: 'Overview', keys: 'g o', own: true, scope: 'analytics:read' },
  { path: '/access', name: 'Access record', keys: 'g r', own: false, scope: 'activity:read' },
  { path: '/', name: 'What is where', keys: 'g h', own: false, scope: null },
  { path: '/api/docs', name: 'API description', keys: 'g a', own: false, scope: null },
]

export function destinationsFor(scopes: readonly Scope[]): Destination[] {
  return destinations.filter(({ scope }) => scope === null || scopes.includes(scope))
}

/** The one list that the keyboard, the palette and the help read. */
export function commandsFor(scopes: readonly Scope[]): Command[] {
  return [...goCommands(scopes), ...rangeCommands, ...compareCommands, ...pageCommands]
}

function goCommands(scopes: readonly Scope[]): Command[] {
  return destinationsFor(scopes).map(({ path, name, keys }) => ({
    id: `go ${path}`,
    group: 'Go to',
    title: name,
    keys,
    run: ({ go }) => go(path),
  }))
}

const rangeCommands: readonly Command[] = [
  ...presets.map(
    ({ text, letter, name }): Command => ({
      id: `range ${text}`,
      group: 'Range',
      title: name,
      keys: `d ${letter}`,
      run: ({ change }) => change({ range: { text } }),
    }),
  ),
  { id: 'range custom', group: 'Range', title: 'Choose the days …', keys: 'd c', run: ({ open }) => open('range') },
  { id: 'earlier', group: 'Range', title: 'One period back', keys: '[', run: ({ move }) => move(-1) },
  { id: 'later', group: 'Range', title: 'One period on', keys: ']', run: ({ move }) => move(1) },
]

const compareCommands: readonly Command[] = [
  {
    id: 'compare',
    group: 'Compare',
    title: 'Comparison on or off',
    keys: 'c',
    run: ({ bookmark, change }) => change({ vs: bookmark.vs === 'off' ? 'prev' : 'off' }),
  },
  { id: 'vs year', group: 'Compare', title: 'With a year earlier', keys: '', run: ({ change }) => change({ vs: 'year' }) },
  { id: 'vs weekdays', group: 'Compare', title: 'With the same weekdays', keys: '', run: ({ change }) => change({ vs: 'weekdays' }) },
]

const pageCommands: readonly Command[] = [
  { id: 'filter', group: 'Page', title: 'Filter', keys: '/', run: ({ open }) => open('filters') },
  { id: 'clear', group: 'Page', title: 'Clear all filters', keys: 'Escape', run: ({ change }) => change({ filters: [] }) },
  { id: 'tables', group: 'Page', title: 'Tables or charts', keys: 't', run: ({ turnTables }) => turnTables() },
  { id: 'download', group: 'Page', title: 'Download', keys: 'e', run: ({ open }) => open('download') },
  {
    id: 'reconcile',
    group: 'Page',
    title: 'Why do these numbers differ from the API?',
    keys: 'w',
    run: ({ change }) => change({ open: 'reconciliation' }),
  },
  { id: 'copy', group: 'Page', title: 'Copy the link', keys: '', run: ({ copyLink }) => copyLink('as they are') },
  { id: 'copy fixed', group: 'Page', title: 'Copy the link with fixed dates', keys: '', run: ({ copyLink }) => copyLink('fixed') },
  { id: 'palette', group: 'Page', title: 'All commands', keys: 'mod+k', run: ({ open }) => open('palette') },
  { id: 'help', group: 'Page', title: 'Keyboard help', keys: '?', run: ({ open }) => open('help') },
]
