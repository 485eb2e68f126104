/** A group as the reader would see it. `members` lets overlapping groups be told from separate ones. */
export interface Group {
  readonly key: string
  readonly members: ReadonlySet<number>
}

/** Fewer people than this are never shown by themselves to a reader who sees no people. */
export const floor = 10

/**
 * The groups that may not be shown beside their total and beside each other, so that no subtraction gives a smaller one away
 * (the small-group rule of docs/metrics.md):
 *
 * - a group of fewer people than the floor is hidden;
 * - what all hidden groups have together follows from the total, so there have to be two of them and the floor's number of people in
 *   them, else the next smallest is hidden too;
 * - of two shown groups one of which lies within the other, the difference is shown as well: if it is small, the inner one is hidden.
 *
 * `everybody` are the people of the total that stands beside the groups.
 */
export function hiddenGroups(groups: readonly Group[], everybody: ReadonlySet<number>, least = floor): Set<string> {
  const bySize = [...groups].sort((a, b) => a.members.size - b.members.size || (a.key < b.key ? -1 : 1))
  const hidden = new Set(bySize.filter(({ members }) => members.size < least).map(({ key }) => key))
  for (;;) {
    const next = givenAway(bySize, hidden, everybody, least)
    if (next === null) return hidden
    hidden.add(next)
  }
}

/** The next group to hide, or null when nothing can be worked out any more. */
function givenAway(bySize: readonly Group[], hidden: ReadonlySet<string>, everybody: ReadonlySet<number>, least: number): string | null {
  const shown = bySize.filter(({ key }) => !hidden.has(key))
  const [smallest] = shown
  if (!smallest) return null
  const rest = [...everybody].filter((person) => !shown.some(({ members }) => members.has(person)))
  const isAlone = bySize.length - shown.length === 1
  if (isAlone || (rest.length > 0 && rest.length < least)) return smallest.key
  const wholes = [...shown.map(({ members }) => members), everybody]
  const inner = shown.find(({ members }) => wholes.some((whole) => isSmallRest(whole, members, least)))
  return inner?.key ?? null
}

/** Whether `inner` lies within `whole` and leaves somebody, but fewer than may be shown. */
function isSmallRest(whole: ReadonlySet<number>, inner: ReadonlySet<number>, least: number): boolean {
  const left = whole.size - inner.size
  return left > 0 && left < least && inner.isSubsetOf(whole)
}
