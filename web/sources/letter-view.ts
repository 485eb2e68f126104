import { printSearch } from '../bookmark/bookmark.ts'
import { type Parameters, valuesOf } from '../bookmark/filters.ts'

/** Which refusals are listed, and from where on: like everything a link carries, it stands in the address. */
export interface LetterView {
  readonly code: string | null
  readonly source: string | null
  readonly via: string | null
  /** Only those after this number. */
  readonly after: number
}

const lettersPerPage = 20

export const everything: LetterView = { code: null, source: null, via: null, after: 0 }

export function readLetterView(parameters: Parameters): LetterView {
  const one = (name: string) => valuesOf(parameters[name])[0] || null
  const after = Number(one('after') ?? 0)
  return { code: one('code'), source: one('source'), via: one('via'), after: Number.isSafeInteger(after) && after > 0 ? after : 0 }
}

export function printLetterView({ code, source, via, after }: LetterView): Parameters {
  const given = Object.entries({ code, source, via, after: after === 0 ? null : String(after) })
  return Object.fromEntries(given.filter((entry): entry is [string, string] => entry[1] !== null))
}

export function isNarrowed({ code, source, via }: LetterView): boolean {
  return code !== null || source !== null || via !== null
}

/** The call that lists them, and that a reader with a key can make as well. */
export function lettersAddress(view: LetterView, workspace: string): string {
  return `/api/dead-letters${printSearch({ workspace_id: workspace, ...printLetterView(view), limit: String(lettersPerPage) })}`
}
