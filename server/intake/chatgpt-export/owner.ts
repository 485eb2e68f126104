import type { Entry } from '../archive/entry.ts'
import type { Found } from '../found.ts'
import { objectsOf } from './elements.ts'
import { isRedacted, personRecord } from './side-records.ts'
import { textOf } from './values.ts'

/** Whose conversations these are when nothing says so: records need an owner, and this name claims nothing. */
export const UNNAMED = 'chatgpt-export'

/** Where an export says who its owner is, best first. */
export interface Clues {
  /** The name under which a missing `user.json` is spoken of. */
  file: string
  user: Entry[]
  judgments: Entry[]
  paths: string[]
  resumeAt: (file: string) => number
}

/** Yields the person of `user.json` and answers the id that owns everything else. */
export async function* readOwner(clues: Clues): AsyncGenerator<Found, string> {
  let owner: string | undefined
  for (const entry of clues.user) {
    for await (const read of objectsOf(entry, 0)) {
      if ('rejected' in read) yield read.rejected
      else {
        const id = idOf(read.object.id) ?? owner ?? (await namedElsewhere(clues)) ?? idOf(read.object.email) ?? UNNAMED
        owner ??= id
        if (read.at.index >= clues.resumeAt(entry.path))
          yield { type: 'record', record: personRecord(read.object, id), at: { ...read.at, id } }
      }
      if (read.done !== null) yield read.done
    }
  }
  if (owner !== undefined) return owner
  const named = await namedElsewhere(clues)
  const at = { file: clues.file, index: null, id: named ?? UNNAMED }
  if (named !== undefined) yield { type: 'record', record: { kind: 'person', source: 'chatgpt', id: named }, at }
  else yield { type: 'skipped', reason: `no user.json, and nothing else names the account: all of it belongs to "${UNNAMED}"`, at }
  return at.id
}

/** Judgments name their user, and so does the folder of generated pictures. */
async function namedElsewhere({ judgments, paths }: Clues): Promise<string | undefined> {
  for (const entry of judgments) {
    for await (const read of objectsOf(entry, 0)) {
      const id = 'object' in read ? idOf(read.object.user_id) : undefined
      if (id !== undefined) return id
    }
  }
  return paths.map((path) => /(?:^|\/)(user-[A-Za-z0-9]{8,})\//.exec(path)?.[1]).find((id) => id !== undefined)
}

function idOf(value: unknown): string | undefined {
  return isRedacted(value) ? undefined : textOf(value)
}
