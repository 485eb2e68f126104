import { z } from 'zod'
import type { Context } from '../ledger/context.ts'
import type { Held } from './held-items.ts'
import { itemQuestion, type ListAsked, listQuestion } from './held-questions.ts'
import { secondsOr, textOrNull } from './openai-common.ts'
import { cursor, itemId, laterCursor, limit, sinceTimestamp, userId, workspaceId } from './openai-parameters.ts'
import { loadPeople } from './people-named.ts'

/** What runs by itself: automations of a person, coding tasks, agents. The provider's fields are known in part; ours stand beside them. */

export const automationsQuery = z.object({
  after: cursor,
  limit: limit(200, 200),
  since_timestamp: sinceTimestamp.describe('Unix seconds, inclusive; only what arrived or changed then or later'),
})

/** GET …/users/{user_id}/automations. */
export const userAutomations = listQuestion({
  action: 'automations.list',
  kind: 'automation',
  input: automationsQuery.extend({ workspace_id: workspaceId, user_id: userId }),
  build: automationObjects,
})

/** GET …/automations. */
export const automations = listQuestion({
  action: 'automations.list',
  kind: 'automation',
  input: automationsQuery.extend({ workspace_id: workspaceId }),
  build: automationObjects,
})

async function automationObjects(ctx: Context, items: readonly Held[]) {
  const people = await peopleOf(ctx, items)
  return items.map((item) => ({
    object: 'compliance.workspace.user.automation',
    id: item.id,
    user_id: people(item),
    title: textOrNull(item.record.title),
    prompt: textOrNull(item.record.prompt),
    schedule: textOrNull(item.record.schedule),
    is_enabled: item.record.enabled === true,
    ...times(item),
  }))
}

export const codexTasksQuery = z.object({ cursor: laterCursor, after: cursor, limit: limit(30, 30) })
export const pluginsQuery = z.object({ cursor: laterCursor, after: cursor, limit: limit(100, 100) })
export const agentsQuery = z.object({ after: cursor, limit: limit(100, 100) })

/** The list of one kind, and one item of it. */
function questionsAbout<I extends z.ZodType<ListAsked>>(
  kind: 'codex_task' | 'plugin' | 'agent' | 'skill',
  input: I,
  build: typeof workObjects,
) {
  const one = z.object({ workspace_id: workspaceId, item_id: itemId('id') })
  return {
    all: listQuestion({ action: `${kind}s.list`, kind, input, build }),
    one: itemQuestion({ action: `${kind}s.read`, kind, input: one, id: ({ item_id }) => item_id, build }),
  }
}

const here = { workspace_id: workspaceId }

/** GET …/codex_tasks, which continues with `cursor` or `after`, and …/codex_tasks/{id}. */
export const codexTasks = questionsAbout('codex_task', codexTasksQuery.extend(here), codexTaskObjects)
/** GET …/plugins and …/plugins/{id}. */
export const plugins = questionsAbout('plugin', pluginsQuery.extend(here), workObjects)
/** GET …/agents and …/agents/{id}. */
export const agents = questionsAbout('agent', agentsQuery.extend(here), workObjects)
/** GET …/skills and …/skills/{id}/export. */
export const skills = questionsAbout('skill', agentsQuery.extend(here), skillObjects)

async function codexTaskObjects(ctx: Context, items: readonly Held[]) {
  const people = await peopleOf(ctx, items)
  return items.map((item) => ({ id: item.id, title: titleOf(item), created_by_id: people(item), ...times(item) }))
}

async function workObjects(ctx: Context, items: readonly Held[]): Promise<object[]> {
  const people = await peopleOf(ctx, items)
  return items.map((item) => ({ id: item.id, name: titleOf(item), created_by_id: people(item), ...times(item) }))
}

async function skillObjects(ctx: Context, items: readonly Held[]) {
  const people = await peopleOf(ctx, items)
  return items.map((item) => {
    const { name, display_name, description, share_status, url, publisher, scopes } = item.record
    return {
      id: item.id,
      name: textOrNull(name),
      display_name: textOrNull(display_name),
      description: textOrNull(description),
      share_status: textOrNull(share_status),
      url: textOrNull(url),
      publisher: textOrNull(publisher),
      scopes: Array.isArray(scopes) ? scopes.filter((one) => typeof one === 'string') : [],
      created_by_id: people(item),
      ...times(item),
    }
  })
}

const titleOf = ({ record }: Held) => textOrNull(record.title) ?? textOrNull(record.name)

function times({ record, first_at, valid_at }: Held) {
  return { created_at: secondsOr(record.created_at, first_at), updated_at: secondsOr(record.updated_at, valid_at) }
}

/** Who an item is somebody's by, as they stand on the wire; one look-up for all. */
async function peopleOf(ctx: Context, items: readonly Held[]): Promise<(item: Held) => string | null> {
  const people = await loadPeople(
    ctx,
    items.map(({ person }) => person),
  )
  return ({ person }) => (person === null ? null : (people.get(person)?.id ?? null))
}
