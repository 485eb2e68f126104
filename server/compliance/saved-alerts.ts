import type pg from 'pg'
import { traceEntry } from '../ledger/access-log.ts'
import { aboutNobody, takeNumbers, takeTurn, writeEntries } from '../ledger/append.ts'
import type { Ledger } from '../ledger/context.ts'
import { transaction } from '../ledger/writer.ts'
import { operatorContext } from '../people/operator.ts'

interface New {
  readonly id: string
  readonly matches: number
  readonly workspace_id: number
  readonly workspace: string
}

/**
 * Says in the access record that saved searches have found something, one entry for each; only what stands there is shown. It is a
 * transaction after the one that found it, because that one must not keep writers waiting.
 */
export async function recordMatches(ledger: Ledger): Promise<void> {
  await transaction(ledger.database.writes, async (tx) => {
    const { number } = ledger.organization
    if (!(await anyUnrecorded(tx, number))) return
    await takeTurn(tx, number)
    const ctx = operatorContext(ledger)
    const entries = (await takeUnrecorded(tx, number)).map(({ id, matches, workspace_id, workspace }) =>
      traceEntry(ctx, 'access', {
        action: 'saved-search.match',
        workspace: { number: workspace_id, id: workspace },
        ids: [id],
        query: { matches },
        outcome: 'allowed',
      }),
    )
    const head = await takeNumbers(tx, number, entries.length, 0)
    await writeEntries(tx, number, head, entries.map(aboutNobody))
  })
}

async function anyUnrecorded(tx: pg.ClientBase, organization: number): Promise<boolean> {
  const { rowCount } = await tx.query('select from saved_search_match where organization_id = $1 and not recorded limit 1', [organization])
  return rowCount === 1
}

async function takeUnrecorded(tx: pg.ClientBase, organization: number): Promise<New[]> {
  const { rows } = await tx.query<New>({
    name: 'matches to record',
    text: `with taken as (
             update saved_search_match set recorded = true where organization_id = $1 and not recorded returning organization_id, saved_search),
           counted as (select organization_id, saved_search, count(*) as matches from taken group by organization_id, saved_search)
           select s.id, c.matches, s.workspace_id, w.id as workspace from counted c
           join saved_search s on s.organization_id = c.organization_id and s.id = c.saved_search
           join workspace w on w.organization_id = s.organization_id and w.workspace_id = s.workspace_id order by s.id`,
    values: [organization],
  })
  return rows
}
