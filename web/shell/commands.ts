import { appPaths } from '../../contract/app-page.ts'
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
  /** Presses a control of the page by its name in `data-command`. */
  press(control: string): void
}

export interface Command {
  readonly id: string
  readonly group: 'Go to' | 'Range' | 'Compare' | 'Page'
  readonly title: string
  /** Keys one after another, such as `d f`; empty: from the menu only. */
  readonly keys: string
  /** The page that it is about; absent: every page. */
  readonly on?: string
  run(hands: Hands): void
}

export interface Destination {
  readonly path: string
  readonly name: string
  readonly keys: string
  /** Drawn by this app; the others are pages of the server. */
  readonly own: boolean
  /** Any of them is enough; null: everybody may go there. */
  readonly scopes: readonly Scope[] | null
}

/** The navigation; what is not built yet is not there. */
export const destinations: readonly Destination[] = [
  { path: '/overview', name: 'Overview', keys: 'g o', own: true, scopes: appPaths['/overview'] },
  { path: '/record', name: 'Record', keys: 'g e', own: true, scopes: appPaths['/record'] },
  { path: '/record/search', name: 'Search', keys: 'g f', own: true, scopes: appPaths['/record/search'] },
  { path: '/sources', name: 'Sources', keys: 'g s', own: true, scopes: appPaths['/sources'] },
  { path: '/members', name: 'Members', keys: 'g m', own: true, scopes: appPaths['/members'] },
  { path: '/keys', name: 'Keys', keys: 'g k', own: true, scopes: appPaths['/keys'] },
  { path: '/access', name: 'Access record', keys: 'g r', own: true, scopes: appPaths['/access'] },
  { path: '/settings', name: 'Settings', keys: 'g t', own: true, scopes: appPaths['/settings'] },
  { path: '/account', name: 'Account', keys: 'g u', own: true, scopes: null },
  { path: '/', name: 'What is where', keys: 'g h', own: false, scopes: null },
  { path: '/api/docs', name: 'API description', keys: 'g a', own: false, scopes: null },
]

export function destinationsFor(held: readonly Scope[]): Destination[] {
  return destinations.filter(({ scopes }) => scopes === null || scopes.some((scope) => held.includes(scope)))
}

/** The one list that the keyboard, the palette and the help read, as far as it is about a page. */
export function commandsFor(scopes: readonly Scope[], path = '/overview'): Command[] {
  return [...goCommands(scopes), ...aboutCounts, ...sourceCommands, ...recordCommands, ...adminCommands, ...pageCommands].filter(
    ({ on = path }) => on === path,
  )
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

const countCommands: readonly Command[] = [
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
  { id: 'copy fixed', group: 'Page', title: 'Copy the link with fixed dates', keys: '', run: ({ copyLink }) => copyLink('fixed') },
]

/** Whatever is about days and figures belongs to the pages that have them. */
const aboutCounts = [...rangeCommands, ...compareCommands, ...countCommands].map((one): Command => ({ ...one, on: '/overview' }))

const sourceCommands = (
  [
    { id: 'letters', title: 'To what was refused', keys: 'x' },
    { id: 'select', title: 'Select all refusals on this page, or none', keys: 'a' },
    { id: 'replay', title: 'Replay the selected refusals', keys: 'p' },
    { id: 'first letters', title: 'First page of refusals', keys: '[' },
    { id: 'more letters', title: 'Next page of refusals', keys: ']' },
    { id: 'all letters', title: 'Refusals of every reason', keys: 'Escape' },
  ] as const
).map((one): Command => ({ ...one, group: 'Page', on: '/sources', run: ({ press }) => press(one.id) }))

const recordCommands = (
  [
    { on: '/record', id: 'kind', title: 'Filter', keys: '/' },
    { on: '/record', id: 'newest', title: 'Newest entries', keys: '[' },
    { on: '/record', id: 'older', title: 'Older entries', keys: ']' },
    { on: '/record', id: 'all entries', title: 'Clear the filter', keys: 'Escape' },
    { on: '/record', id: 'purpose', title: 'State or change the purpose', keys: 'p' },
    { on: '/record/conversation', id: 'next message', title: 'Next message', keys: 'j' },
    { on: '/record/conversation', id: 'previous message', title: 'Previous message', keys: 'k' },
    { on: '/record/conversation', id: 'branches', title: 'All branches, or one; ← and → choose at a fork', keys: 'b' },
    { on: '/record/conversation', id: 'load all', title: 'Load the rest of the messages', keys: 'l' },
    { on: '/record/conversation', id: 'purpose', title: 'State or change the purpose', keys: 'p' },
    { on: '/record/conversation', id: 'back', title: 'Back to the list', keys: 'Escape' },
    { on: '/record/search', id: 'words', title: 'To the words', keys: '/' },
    { on: '/record/search', id: 'first matches', title: 'Newest matches', keys: '[' },
    { on: '/record/search', id: 'more matches', title: 'Older matches', keys: ']' },
    { on: '/record/search', id: 'save search', title: 'Save this search', keys: 's' },
    { on: '/record/search', id: 'purpose', title: 'State or change the purpose', keys: 'p' },
  ] as const
).map((one): Command => ({ ...one, group: 'Page', run: ({ press }) => press(one.id) }))

const adminCommands = (
  [
    { on: '/members', id: 'invite', title: 'Invite somebody', keys: 'i' },
    { on: '/members', id: 'ask', title: 'Ask for a role of the record', keys: 'a' },
    { on: '/members', id: 'break glass', title: 'Break the glass', keys: 'b' },
    { on: '/members', id: 'find member', title: 'Search the members', keys: '/' },
    { on: '/members', id: 'explain', title: 'Why can somebody not see something?', keys: 'w' },
    { on: '/keys', id: 'new key', title: 'Make a key', keys: 'n' },
    { on: '/keys', id: 'ended keys', title: 'Keys that ended, too, or not', keys: 'x' },
    { on: '/access', id: 'outcome', title: 'Filter', keys: '/' },
    { on: '/access', id: 'newest', title: 'Newest entries', keys: '[' },
    { on: '/access', id: 'older', title: 'Older entries', keys: ']' },
    { on: '/access', id: 'all entries', title: 'Clear the filter', keys: 'Escape' },
    { on: '/account', id: 'end others', title: 'End all other sessions', keys: 'x' },
  ] as const
).map((one): Command => ({ ...one, group: 'Page', run: ({ press }) => press(one.id) }))

const pageCommands: readonly Command[] = [
  { id: 'copy', group: 'Page', title: 'Copy the link', keys: '', run: ({ copyLink }) => copyLink('as they are') },
  { id: 'palette', group: 'Page', title: 'All commands', keys: 'mod+k', run: ({ open }) => open('palette') },
  { id: 'help', group: 'Page', title: 'Keyboard help', keys: '?', run: ({ open }) => open('help') },
]
