import type pg from 'pg'
import { isErasedBefore, type RejectionCode } from '../../contract/records.ts'
import { aboutNobody, type Head, type Placed, takeNumbers, takeTurn, writeEntries } from './append.ts'
import { type Candidate, timeOf } from './candidate.ts'
import { Conversations } from './conversations.ts'
import { decide, looksBack } from './decide.ts'
import type { Entry } from './entry.ts'
import { type Identity, type ItemState, type KnownNumbers, keyOf, lookUpItems, type Ref } from './identity.ts'
import { loadItemHistory, writeItems } from './items.ts'
import { loadMessageHistory, lookUpMessages, type MessageStates, writeMessages } from './messages.ts'
import { deletionTarget, referencesOf } from './references.ts'
import { SourceTally } from './source-tally.ts'
import type { MessageState, Stored } from './stored.ts'
import { earliest } from './times.ts'
import { writeVersions } from './versions.ts'

/** What became of one record. */
export type Outcome =
  | { taken: 'accepted' | 'updated' | 'duplicate'; seq: number | null }
  | { taken: null; code: RejectionCode; message: string }

export interface Accepted {
  readonly outcomes: Outcome[]
  readonly lastSeq: number
  /** Numbers given or seen, to be remembered once this is committed. */
  readonly numbers: [string, number][]
}

/**
 * Takes records and the ledger's own entries into the log, in one transaction of the caller's: identity, versions, sealed entry and
 * current records move together or not at all. Nothing is acknowledged before the caller's commit.
 */
export async function accept(
  client: pg.ClientBase,
  organization: number,
  known: KnownNumbers,
  candidates: readonly Candidate[],
  own: readonly Entry[],
): Promise<Accepted> {
  await takeTurn(client, organization)
  const items = await resolveItems(client, organization, known, candidates)
  const messages = await lookUpMessages(client, organization, candidates, items.ref)
  await loadHistories(client, organization, candidates, items, messages)
  const stored: Stored[] = []
  const outcomes = candidates.map((candidate) => judge(candidate, items, messages, stored))
  const fresh = items.states().filter((state) => state.isNew)
  const head = await takeNumbers(client, organization, stored.length + own.length, fresh.length)
  number(stored, fresh, outcomes, head)
  await writeEntries(client, organization, head, [...stored.map(placed), ...own.map(aboutNobody)])
  await writeCurrent(client, organization, head, stored, items, messages)
  await tallyOf(candidates, outcomes).write(client, organization, head.committedAt)
  return {
    outcomes: outcomes.map(({ outcome }) => outcome),
    lastSeq: head.firstSeq + stored.length + own.length - 1,
    numbers: items.states().map((state) => [keyOf(state), state.number]),
  }
}

/** What was refused is counted where it is kept; of what was erased before nothing is kept. */
function tallyOf(candidates: readonly Candidate[], judged: readonly Judged[]): SourceTally {
  const tally = new SourceTally()
  judged.forEach(({ outcome }, i) => {
    const candidate = candidates[i]
    if (!candidate) return
    if (outcome.taken !== null) tally.took(candidate, outcome.taken === 'duplicate' ? 'duplicates' : outcome.taken)
    else if (isErasedBefore(outcome.code)) tally.refused(candidate.workspace, candidate.source)
  })
  return tally
}

/** The items a batch speaks of: full state where it may change, the number alone where it is only referred to. */
export interface Items {
  ref(identity: Identity): Ref
  state(identity: Identity): ItemState
  states(): ItemState[]
}

async function resolveItems(
  client: pg.ClientBase,
  organization: number,
  known: KnownNumbers,
  candidates: readonly Candidate[],
): Promise<Items> {
  const wanted = new Map<string, Identity>()
  const cached = new Map<string, Ref>()
  for (const candidate of candidates) {
    if (candidate.kind !== 'message') wanted.set(keyOf(candidate), candidate)
    const target = deletionTarget(candidate)
    if (target && target.kind !== 'message') wanted.set(keyOf(target), target)
  }
  for (const identity of candidates.flatMap(referencesOf)) {
    const key = keyOf(identity)
    if (wanted.has(key) || cached.has(key)) continue
    const number = known.get(key)
    if (number === undefined) wanted.set(key, identity)
    else cached.set(key, { number })
  }
  const states = await lookUpItems(client, organization, wanted.values())
  const state = (identity: Identity) => {
    const found = states.get(keyOf(identity))
    if (!found) throw new Error('an item was not looked up')
    return found
  }
  return { ref: (identity) => cached.get(keyOf(identity)) ?? state(identity), state, states: () => [...states.values()] }
}

async function loadHistories(
  client: pg.ClientBase,
  organization: number,
  candidates: readonly Candidate[],
  items: Items,
  messages: MessageStates,
): Promise<void> {
  const itemsBack = new Set<ItemState>()
  const messagesBack = new Set<MessageState>()
  const seen = new Set<ItemState | MessageState>()
  const isBack = (state: ItemState | MessageState, candidate: Candidate) => {
    // What comes before it in the batch may become the current version, and it be from before that.
    const again = seen.has(state)
    seen.add(state)
    return state.current !== null && (again || looksBack(state.current, candidate))
  }
  for (const candidate of candidates) {
    if (candidate.kind === 'message') {
      const state = messages.of(candidate)
      if (isBack(state, candidate)) messagesBack.add(state)
    } else {
      const state = items.state(candidate)
      if (isBack(state, candidate)) itemsBack.add(state)
    }
  }
  if (itemsBack.size > 0) await loadItemHistory(client, organization, [...itemsBack])
  if (messagesBack.size > 0) await loadMessageHistory(client, organization, [...messagesBack])
}

interface Judged {
  outcome: Outcome
  stored: Stored | null
}

const conflict: Outcome = { taken: null, code: 'conflict', message: 'another payload with the same updated_at is stored already' }

const purged: Outcome = { taken: null, code: 'purged', message: 'it was deleted from the record for good and is not taken again' }

/** Decides one record against what is known so far, which includes the records before it in the same batch. */
function judge(candidate: Candidate, items: Items, messages: MessageStates, stored: Stored[]): Judged {
  const state = candidate.kind === 'message' ? messages.of(candidate) : items.state(candidate)
  if (state.purged) return { outcome: purged, stored: null }
  const verdict = decide(state.current, state.history, candidate)
  if (verdict === 'conflict') return { outcome: conflict, stored: null }
  if (verdict === 'duplicate') return { outcome: { taken: 'duplicate', seq: null }, stored: null }
  const version = { seq: 0, updatedAt: candidate.updatedAt, fingerprint: candidate.fingerprint }
  if (verdict === 'older') state.history.push(version)
  else {
    if (state.current) state.history.push(state.current)
    state.current = version
  }
  const one: Stored = { candidate, verdict, ...subjects(candidate, items, messages), version, seq: 0 }
  stored.push(one)
  return { outcome: { taken: verdict === 'new' ? 'accepted' : 'updated', seq: null }, stored: one }
}

function subjects(
  candidate: Candidate,
  items: Items,
  messages: MessageStates,
): Pick<Stored, 'item' | 'message' | 'conversation' | 'person' | 'gpt' | 'project' | 'members'> {
  const refs = referencesOf(candidate)
  const only = (kind: string) => {
    const found = refs.find((identity) => identity.kind === kind)
    return found ? items.ref(found) : null
  }
  const isMessage = candidate.kind === 'message'
  const item = isMessage ? null : items.state(candidate)
  return {
    item,
    message: isMessage ? messages.of(candidate) : null,
    conversation: candidate.kind === 'conversation' ? item : only('conversation'),
    person: candidate.kind === 'person' ? item : candidate.kind === 'group' ? null : only('person'),
    gpt: candidate.kind === 'gpt' ? item : only('gpt'),
    project: candidate.kind === 'project' ? item : only('project'),
    members: candidate.kind === 'group' ? refs.filter((identity) => identity.kind === 'person').map(items.ref) : [],
  }
}

function number(stored: Stored[], fresh: ItemState[], judged: Judged[], head: Head): void {
  fresh.forEach((state, i) => {
    state.number = head.firstItem + i
  })
  stored.forEach((one, i) => {
    one.seq = head.firstSeq + i
    one.version.seq = one.seq
  })
  for (const { outcome, stored: one } of judged) if (one && outcome.taken !== null) outcome.seq = one.seq
}

function placed({ candidate, conversation, person, gpt, project }: Stored): Placed {
  const number = (ref: Ref | null) => ref?.number ?? null
  return { entry: candidate, conversation: number(conversation), person: number(person), gpt: number(gpt), project: number(project) }
}

async function writeCurrent(
  client: pg.ClientBase,
  organization: number,
  head: Head,
  stored: Stored[],
  items: Items,
  messages: MessageStates,
): Promise<void> {
  const conversations = new Conversations()
  for (const one of stored) {
    // A deletion in the same batch must find the message in its place.
    if (one.message) one.message.firstSeq ||= one.seq
    conversations.touch(one)
    saysDeleted(one)
    const target = deletionTarget(one.candidate)
    if (!target) continue
    if (target.kind === 'message') messages.delete(target, one)
    else {
      const state = items.state(target)
      state.deletedAt = earliest(state.deletedAt, one.candidate.occurredAt)
    }
  }
  await writeItems(client, organization, items.states(), stored)
  await writeMessages(client, organization, messages, stored)
  await conversations.write(client, organization, head.committedAt)
  await writeVersions(client, organization, head.committedAt, stored)
}

/** What was deleted in one version is deleted, whatever others say and in whatever order they come. */
function saysDeleted({ candidate, item, message }: Stored): void {
  const deletedAt = candidate.kind === 'deletion' ? null : timeOf(candidate.kind, candidate.fields, 'deleted_at')
  if (deletedAt === null) return
  if (message) message.changed = true
  for (const state of [item, message]) if (state) state.deletedAt = earliest(state.deletedAt, deletedAt)
}
