import type pg from 'pg'
import { dayOf, text } from './conversation-facts-rows.ts'

/** Coding sessions: one fact per session, that of its newest version. */

export const codingColumns = [
  ...['sign', 'organization', 'workspace', 'day', 'at', 'person', 'session', 'source', 'surface', 'model', 'commits', 'pull_requests'],
  ...['lines_added', 'lines_removed', 'accepted', 'rejected', 'input_tokens', 'output_tokens', 'cached_tokens'],
] as const

interface CodingRemains {
  commits?: number
  pull_requests?: number
  lines_added?: number
  lines_removed?: number
  surface?: string
  model?: string
  /** Accepted and rejected, per kind of action. */
  actions?: Record<string, [number, number]>
  tokens?: [number | null, number | null, number | null]
}

export interface CodingVersion {
  readonly seq: number
  /** Seconds. */
  readonly updatedAt: number | null
  readonly workspace: number
  readonly person: number
  readonly source: string
  readonly at: number
  readonly remains: CodingRemains
}

export interface CodingHistory {
  readonly organization: number
  readonly session: number
  /** In the order of the log. */
  readonly versions: readonly CodingVersion[]
}

/** Signed lines that lead from one state of a session to another. */
export function codingDifference(history: CodingHistory, before: number, after: number): string[] {
  const [old, now] = [before, after].map((seq) => lineAt(history, seq))
  if (old === now) return []
  return [...(old ? [`-1\t${old}`] : []), ...(now ? [`1\t${now}`] : [])]
}

function lineAt({ organization, session, versions }: CodingHistory, seq: number): string | null {
  let current: CodingVersion | null = null
  for (const one of versions)
    if (one.seq <= seq && (current === null || one.updatedAt === null || current.updatedAt === null || one.updatedAt > current.updatedAt))
      current = one
  if (!current) return null
  const { workspace, person, source, remains } = current
  const at = Math.min(4_294_967_295, Math.max(0, Math.floor(current.at)))
  const actions = Object.values(remains.actions ?? {})
  const [input, output, cached] = remains.tokens ?? [0, 0, 0]
  const names = [source, remains.surface ?? '', remains.model ?? 'unknown'].map(text)
  const work = [remains.commits, remains.pull_requests, remains.lines_added, remains.lines_removed].map((count) => count ?? 0)
  const edits = [0, 1].map((kind) => actions.reduce((sum, counts) => sum + (counts[kind] ?? 0), 0))
  const tokens = [input ?? 0, output ?? 0, cached ?? 0]
  const time = [dayOf(at), String(at).padStart(10, '0')]
  return [organization, workspace, ...time, person, session, ...names, ...work, ...edits, ...tokens].join('\t')
}

interface Row {
  session: number
  seq: number
  workspace_id: number
  person: number | null
  source: string
  at: number | null
  updated_at: number | null
  remains: string | null
}

export interface CodingRange {
  readonly organization: number
  /** Both included. */
  readonly from: number
  readonly to: number
  readonly asOf: number
}

/** Sessions of which something was said in a range of the log, with all that was said of them up to `asOf`. */
export async function readCodingSessions(pool: pg.Pool, { organization, from, to, asOf }: CodingRange): Promise<CodingHistory[]> {
  const { rows } = await pool.query<Row>({
    name: 'facts coding sessions',
    text: `with touched as materialized (
             select distinct i.number from log l
             join item i on i.organization_id = $1 and i.workspace_id = l.workspace_id and i.kind = 'coding_session' and i.id = l.id and i.source = l.source
             where l.organization_id = $1 and l.kind = 'coding_session' and l.seq between $2 and $3)
           select t.number as session, l.seq, l.workspace_id, l.person, l.source, l.remains,
             date_part('epoch', l.occurred_at) as at, date_part('epoch', v.updated_at) as updated_at
           from touched t
           join version v on v.organization_id = $1 and v.item = t.number
           join log l on l.organization_id = $1 and l.seq = v.seq
           where v.seq <= $4 order by t.number, v.seq`,
    values: [organization, from, to, asOf],
  })
  const sessions = new Map<number, CodingHistory & { versions: CodingVersion[] }>()
  for (const row of rows) {
    const known = sessions.get(row.session) ?? { organization, session: row.session, versions: [] }
    sessions.set(row.session, known)
    const { seq, source, workspace_id: workspace } = row
    const remains: CodingRemains = JSON.parse(row.remains ?? '{}')
    known.versions.push({ seq, source, workspace, person: row.person ?? 0, at: row.at ?? 0, updatedAt: row.updated_at, remains })
  }
  return [...sessions.values()]
}
