import { type Entry, rejected } from '../archive/entry.ts'
import type { Found } from '../found.ts'
import { type Account, readConversations } from './conversations.ts'
import { type Export, type Role, roleOf, SKIPPED } from './inventory.ts'
import { readOwner } from './owner.ts'
import { leafOf, Shelf } from './shelf.ts'
import { missingParts, readLeftovers, readLibrary, readNames, readSide, readTextdocs } from './side-files.ts'
import { comparisonRecord, feedbackRecord, shareRecord } from './side-records.ts'

/** One account's export: its person first, because everything else names it, then what it wrote, then what is left. */
export async function* readExport(found: Export, resumeAt: (file: string) => number): AsyncGenerator<Found> {
  const roles = Map.groupBy(found.entries, (entry) => roleIn(found, entry))
  const all = (role: Role) => roles.get(role) ?? []
  const personId = yield* readOwner({
    file: found.isSingle ? (found.entries[0]?.path ?? '') : `${found.root}user.json`,
    user: all('user'),
    judgments: [...all('feedback'), ...all('comparisons')],
    paths: all('file').map((entry) => entry.path),
    resumeAt,
  })
  const account: Account = {
    personId,
    root: found.root,
    shelf: new Shelf(all('file'), yield* readNames(all('asset_names'))),
    textdocs: new Map(all('textdoc').map((entry) => [leafOf(entry.path).replace(/\.json$/, ''), entry])),
    versions: new Set(),
    resumeAt,
  }
  for (const entry of all('manifest')) yield* missingParts(entry, found.root, new Set(found.entries.map(({ path }) => path)))
  for (const entry of all('library')) yield* readLibrary(entry, account)
  for (const entry of all('conversations')) yield* readConversations(entry, account)
  yield* readTextdocs(account)
  for (const entry of all('feedback')) yield* readSide(entry, feedbackRecord, account)
  for (const entry of all('comparisons')) yield* readSide(entry, comparisonRecord, account)
  for (const entry of all('shares')) yield* readSide(entry, shareRecord, account)
  yield* readLeftovers(all('file'), account)
  for (const entry of all('skipped')) yield skipped(entry, SKIPPED.get(leafOf(entry.path)) ?? 'not about chats')
  for (const entry of all('housekeeping')) yield skipped(entry, 'not part of an export')
  for (const entry of all('unknown')) yield rejected(entry.path, 'unknown_file', 'not a file of a ChatGPT export that is known here')
}

/** A single file is one of conversations, whatever it is called, unless its name is known. */
function roleIn(found: Export, entry: Entry): Role {
  const role = roleOf(entry.path.slice(found.root.length))
  return found.isSingle && (role === 'unknown' || role === 'file') ? 'conversations' : role
}

function skipped(entry: Entry, reason: string): Found {
  return { type: 'skipped', reason, at: { file: entry.path, index: null } }
}
