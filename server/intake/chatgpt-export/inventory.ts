import type { Entry } from '../archive/entry.ts'
import { leafOf } from './shelf.ts'

/** What each file of an export is, by its name. */
export type Role =
  | 'user'
  | 'conversations'
  | 'feedback'
  | 'comparisons'
  | 'shares'
  | 'library'
  | 'asset_names'
  | 'manifest'
  | 'textdoc'
  | 'file'
  | 'skipped'
  | 'housekeeping'
  | 'unknown'

/** One account's export: the entries below the folder that holds its conversations. */
export interface Export {
  /** That folder, empty or with a slash behind it. */
  root: string
  entries: Entry[]
  /** A single file was named: its name does not have to be the export's. */
  isSingle: boolean
}

const JSON_ROLES = new Map<string, Role>([
  ['user.json', 'user'],
  ['message_feedback.json', 'feedback'],
  ['model_comparisons.json', 'comparisons'],
  ['shared_conversations.json', 'shares'],
  ['library_files.json', 'library'],
  ['conversation_asset_file_names.json', 'asset_names'],
  ['export_manifest.json', 'manifest'],
])

/** Known and not imported: a copy of the conversations for reading, and other products' data or settings. */
export const SKIPPED = new Map([
  ['chat.html', 'a copy of conversations.json for reading'],
  ['group_chats.json', 'group chats belong to several accounts'],
  ['shopping.json', 'shopping data of the account'],
  ['sora.json', 'data of another product'],
  ['ads.json', 'advertising data of the account'],
  ['user_settings.json', 'settings of the account'],
  ['sectioned_conversations.json', 'an index of the conversations'],
])

const CONVERSATIONS = /^conversations(-\d+)?\.json(\.gz)?$/
const HOUSEKEEPING = /(^|\/)(\.[^/]*|__MACOSX\/.*|README[^/]*|LICEN[CS]E[^/]*|NOTICE[^/]*|Thumbs\.db|desktop\.ini)$/i
const ASSET_FOLDER = /(^|\/)(dalle-generations|user-[^/]+|[0-9a-f]{8}-[0-9a-f-]{27})\//i

/** `path` is below the export's folder. */
export function roleOf(path: string): Role {
  const base = leafOf(path)
  if (HOUSEKEEPING.test(path)) return 'housekeeping'
  if (CONVERSATIONS.test(path)) return 'conversations'
  if (SKIPPED.has(base)) return 'skipped'
  const role = JSON_ROLES.get(path)
  if (role !== undefined) return role
  // The manifest of an export's web sites lists files and says nothing of chats.
  if (base === 'export_manifest.json') return 'skipped'
  if (/^textdocs\/[^/]+\.json$/.test(path)) return 'textdoc'
  // Uploads keep their own endings, so a `file-….json` is an upload.
  if (/^file[-_]/.test(base)) return 'file'
  return ASSET_FOLDER.test(path) && !/\.(json|html?)$/i.test(base) ? 'file' : 'unknown'
}

const byName = new Intl.Collator('en', { numeric: true })

/** Groups what lies in a folder or zip into exports; a file belongs to the deepest export above it. */
export function exportsIn(entries: Entry[]): { exports: Export[]; outside: Entry[] } {
  const roots = rootsOf(entries)
  const exports = new Map([...roots].sort(byName.compare).map((root): [string, Export] => [root, { root, entries: [], isSingle: false }]))
  const outside: Entry[] = []
  for (const entry of entries.toSorted((a, b) => byName.compare(a.path, b.path))) {
    const home = exports.get(foldersAbove(entry.path).find((folder) => roots.has(folder)) ?? '/')
    if (home) home.entries.push(entry)
    else outside.push(entry)
  }
  return { exports: [...exports.values()], outside }
}

/** Folders with conversations; a folder with only a `user.json` too, unless it lies in another export. */
function rootsOf(entries: Entry[]): Set<string> {
  const roots = new Set<string>()
  const accounts: string[] = []
  for (const { path } of entries) {
    const folder = path.slice(0, path.lastIndexOf('/') + 1)
    if (CONVERSATIONS.test(path.slice(folder.length))) roots.add(folder)
    if (path.slice(folder.length) === 'user.json') accounts.push(folder)
  }
  for (const folder of accounts) if (!foldersAbove(folder).some((above) => roots.has(above))) roots.add(folder)
  return roots
}

/** The folders a path lies in, deepest first, the empty one last. */
function foldersAbove(path: string): string[] {
  const folders: string[] = []
  for (let at = path.lastIndexOf('/'); at >= 0; at = at === 0 ? -1 : path.lastIndexOf('/', at - 1)) folders.push(path.slice(0, at + 1))
  return [...folders, '']
}
