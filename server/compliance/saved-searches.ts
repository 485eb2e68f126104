import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { z } from 'zod'
import { newSavedSearch, type SavedSearch, savedSearchChange, savedSearchQuery } from '../../contract/search.ts'
import { takeTurn } from '../ledger/append.ts'
import { command } from '../ledger/command.ts'
import type { Context, Workspace } from '../ledger/context.ts'
import { question } from '../ledger/question.ts'
import { listWorkspaces, workspaceOf } from '../people/workspaces.ts'
import { Refusal } from '../platform/refusal.ts'
import { openSaved, type SavedRow, type SealedSearch, savedColumns, sealSaved } from './saved-search.ts'
import { filtersAsked, snapshot } from './search.ts'
import { peopleOf } from './search-hits.ts'
import { parseTerms } from './search-terms.ts'

/** What each of them costs is paid with every batch of the index. */
const mostInWorkspace = 200

export const saveSearch = command({
  action: 'saved-search.create',
  scope: 'compliance:read',
  input: newSavedSearch,
  async run(tx, ctx, input) {
    const { ledger, actor } = ctx
    const workspace = await workspaceOf(ctx, input.workspace_id)
    parseTerms(input.text)
    const { name, text, purpose, kinds = null, since = null, until = null } = input
    const { person } = await filtersAsked(ctx, workspace, input)
    const saved = { name, text, purpose, kinds, person, since, until }
    const id = randomUUID()
    await demandRoom(tx, ledger.organization.number, workspace)
    await takeTurn(tx, ledger.organization.number)
    await tx.query(
      `insert into saved_search (organization_id, id, workspace_id, sealed, owner_id, owner_name, created_at, spans)
       select $1, $2, $3, $4, $5, $6, $7, ${laterOn} from ledger_head h where organization_id = $1`,
      [
        ledger.organization.number,
        id,
        workspace.number,
        sealSaved(ledger.organization, id, saved),
        actor.id,
        actor.name,
        ledger.clock.now().toString(),
      ],
    )
    const query = { purpose, kinds, person_id: input.person_id ?? null, since, until }
    return { ids: [id], workspace, query, words: text, result: await shownOne(tx, ctx, workspace, id) }
  },
})

/** Of the entries those that are not there yet, and those that are. Whoever asks holds the turn, so that none comes in between. */
const laterOn = 'int8multirange(int8range(h.seq + 1, null))'
const upToNow = 'int8multirange(int8range(null, h.seq + 1))'

async function demandRoom(tx: pg.ClientBase, organization: number, { number }: Workspace): Promise<void> {
  const { rowCount } = await tx.query('select from saved_search where organization_id = $1 and workspace_id = $2', [organization, number])
  if ((rowCount ?? 0) >= mostInWorkspace)
    throw new Refusal('conflict', `a workspace has at most ${mostInWorkspace} saved searches; remove one that is not needed any more`)
}

const idInput = z.object({ id: z.uuid() })

export const changeSearch = command({
  action: 'saved-search.change',
  scope: 'compliance:read',
  input: savedSearchChange.extend(idInput.shape),
  async run(tx, ctx, { id, name, active }) {
    const { organization } = ctx.ledger
    const { workspace, row } = await demandSaved(ctx, id)
    const sealed = name === undefined ? row.sealed : sealSaved(organization, id, { ...openSaved(organization, row), name })
    await takeTurn(tx, organization.number)
    await tx.query(
      `update saved_search s set sealed = $3, active = coalesce($4, s.active),
         spans = case $4::boolean when true then s.spans + ${laterOn} when false then s.spans * ${upToNow} else s.spans end
       from ledger_head h where s.organization_id = $1 and s.id = $2 and h.organization_id = s.organization_id`,
      [organization.number, id, sealed, active ?? null],
    )
    const query = { ...(name === undefined ? {} : { renamed: true }), ...(active === undefined ? {} : { active }) }
    return { ids: [id], workspace, query, result: await shownOne(tx, ctx, workspace, id) }
  },
})

export const removeSearch = command({
  action: 'saved-search.remove',
  scope: 'compliance:read',
  input: idInput,
  async run(tx, ctx, { id }) {
    const { number } = ctx.ledger.organization
    const { workspace } = await demandSaved(ctx, id)
    await tx.query('delete from saved_search where organization_id = $1 and id = $2', [number, id])
    await tx.query('delete from saved_search_match where organization_id = $1 and saved_search = $2', [number, id])
    return { ids: [id], workspace, result: { id } }
  },
})

export const listSearches = question({
  action: 'saved-search.list',
  scope: 'compliance:read',
  input: savedSearchQuery,
  workspace: (ctx, input) => workspaceOf(ctx, input.workspace_id),
  async ask(ctx, _, workspace) {
    const data = workspace ? await snapshot(ctx, (tx) => shown(tx, ctx, workspace, null)) : []
    return { ids: data.map(({ id }) => id), result: { data } }
  },
})

/** The saved search of an id, where whoever asks may see it. */
export async function demandSaved(ctx: Context, id: string): Promise<{ workspace: Workspace; row: SavedRow }> {
  const { rows } = await ctx.ledger.database.reads.query<SavedRow>({
    name: 'saved search',
    text: `select ${savedColumns} from saved_search s where s.organization_id = $1 and s.id = $2`,
    values: [ctx.ledger.organization.number, id],
  })
  const [row] = rows
  const workspace = (await listWorkspaces(ctx.ledger)).find(({ number }) => number === row?.workspace_id)
  if (!row || !workspace || (ctx.actor.workspace !== null && ctx.actor.workspace !== workspace.number))
    throw new Refusal('not_found', 'there is no such saved search')
  return { workspace, row }
}

interface ShownRow extends SavedRow {
  readonly owner_id: string
  readonly owner_name: string
  readonly active: boolean
  readonly created_at: string
  readonly matches: number
  readonly new_matches: number
  readonly last_match_at: string | null
}

async function shownOne(tx: pg.ClientBase, ctx: Context, workspace: Workspace, id: string): Promise<SavedSearch> {
  const [one] = await shown(tx, ctx, workspace, id)
  if (!one) throw new Refusal('not_found', 'there is no such saved search')
  return one
}

async function shown(tx: pg.ClientBase, ctx: Context, workspace: Workspace, id: string | null): Promise<SavedSearch[]> {
  const { organization } = ctx.ledger
  const { rows } = await tx.query<ShownRow>({
    name: 'saved searches',
    text: `select ${savedColumns}, s.owner_id, s.owner_name, s.active, s.created_at, m.matches, m.new_matches,
             (select l.received_at from log l where l.organization_id = s.organization_id and l.seq = m.newest) as last_match_at
           from saved_search s cross join lateral (
             select count(*) as matches, count(*) filter (where not seen) as new_matches, max(seq) as newest from saved_search_match
             where organization_id = s.organization_id and saved_search = s.id and recorded) m
           where s.organization_id = $1 and s.workspace_id = $2 and ($3::uuid is null or s.id = $3) order by s.created_at desc, s.id`,
    values: [organization.number, workspace.number, id],
  })
  const opened = rows.map((row) => ({ row, saved: openSaved(organization, row) }))
  const people = await peopleOf(
    tx,
    ctx.ledger,
    opened.map(({ saved }) => saved),
  )
  return opened.map(({ row, saved }) =>
    view(row, saved, { workspace, person: saved.person === null ? null : (people.get(saved.person) ?? null) }),
  )
}

function view(
  row: ShownRow,
  saved: SealedSearch,
  { workspace, person }: { workspace: Workspace; person: SavedSearch['person'] },
): SavedSearch {
  const { id, owner_id, owner_name, active, created_at, matches, new_matches, last_match_at } = row
  const { name, text, purpose, kinds, since, until } = saved
  const owner = { id: owner_id, name: owner_name }
  return {
    id,
    workspace_id: workspace.id,
    name,
    text,
    kinds,
    person,
    since,
    until,
    purpose,
    owner,
    active,
    created_at,
    matches,
    new_matches,
    last_match_at,
  }
}
