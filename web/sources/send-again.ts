import { type ReplayReply, replayReply } from '../../contract/sources.ts'
import { problemOf } from '../ask/problem.ts'
import { type LetterView, printLetterView } from './letter-view.ts'

/** Replays the numbered letters, or all that a view lists from its beginning, request by request until none is left. */
export async function sendAgain(
  workspace: string,
  view: LetterView,
  numbers: readonly number[] | null,
  onProgress: (done: number) => void,
): Promise<Pick<ReplayReply, 'taken' | 'refused' | 'unfit'>> {
  const all = { taken: [] as number[], refused: [] as ReplayReply['refused'], unfit: [] as number[] }
  const wanted = numbers === null ? printLetterView({ ...view, after: 0 }) : { numbers }
  for (let after: number | null = 0; after !== null; ) {
    const reply: ReplayReply = await ask({ workspace_id: workspace, ...wanted, after })
    all.taken.push(...reply.taken)
    all.refused.push(...reply.refused)
    all.unfit.push(...reply.unfit)
    onProgress(all.taken.length + all.refused.length + all.unfit.length)
    after = reply.next_after
  }
  return all
}

async function ask(body: object): Promise<ReplayReply> {
  const response = await fetch('/api/dead-letters/replay', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw await problemOf(response)
  return replayReply.parse(await response.json())
}
