import { z } from 'zod'
import type { Context } from '../ledger/context.ts'
import type { Held } from './held-items.ts'
import { itemQuestion, listQuestion } from './held-questions.ts'
import { secondsOr, textOrNull } from './openai-common.ts'
import { cursor, itemId, limit, userId, workspaceId } from './openai-parameters.ts'
import { loadPeople } from './people-named.ts'

export const recordingsQuery = z.object({ after: cursor, limit: limit(200, 200) })

/** GET …/users/{user_id}/recordings: without what was said, which the transcript has. */
export const userRecordings = listQuestion({
  action: 'recordings.list',
  kind: 'recording',
  input: recordingsQuery.extend({ workspace_id: workspaceId, user_id: userId }),
  build: recordingObjects,
})

/** GET …/recordings. */
export const recordings = listQuestion({
  action: 'recordings.list',
  kind: 'recording',
  input: recordingsQuery.extend({ workspace_id: workspaceId }),
  build: recordingObjects,
})

const id = ({ recording_id }: { recording_id: string }) => recording_id

/** GET …/recordings/{id}. */
export const recording = itemQuestion({
  action: 'recordings.read',
  kind: 'recording',
  input: z.object({ workspace_id: workspaceId, recording_id: itemId('id') }),
  id,
  build: recordingObjects,
})

async function recordingObjects(ctx: Context, items: readonly Held[]) {
  const people = await loadPeople(
    ctx,
    items.map(({ person }) => person),
  )
  return items.map(({ id: wireId, person, record, first_at }) => ({
    object: 'compliance.workspace.user.recording',
    id: wireId,
    user_id: (person === null ? undefined : people.get(person))?.id ?? null,
    title: textOrNull(record.title),
    created_at: secondsOr(record.created_at, first_at),
    duration: typeof record.duration_s === 'number' ? record.duration_s : null,
  }))
}

export const transcriptQuery = z.object({
  include_summary: z.enum(['true', 'false'], 'include_summary must be true or false').default('false').describe('true: with the summary'),
})

/** GET …/users/{user_id}/recordings/{id}/transcript: as the source gave it, which is text or a list of pieces. */
export const transcript = itemQuestion({
  action: 'recordings.transcript',
  kind: 'recording',
  input: transcriptQuery.extend({ workspace_id: workspaceId, user_id: userId, recording_id: itemId('id') }),
  id,
  build: (_ctx, items, { asked }) =>
    items.map(({ id: wireId, record }) => ({
      object: 'compliance.workspace.user.recording.transcript',
      id: wireId,
      transcript: record.transcript ?? null,
      ...(asked.include_summary === 'true' ? { summary: textOrNull(record.summary) } : {}),
    })),
})
