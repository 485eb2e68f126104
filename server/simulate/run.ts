import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { type ImportStep, runImport } from '../intake/import-run.ts'
import type { ImportSummary } from '../intake/import-summary.ts'
import { command } from '../ledger/command.ts'
import type { Context, Ledger, Workspace } from '../ledger/context.ts'
import type { WorkspaceRow } from '../people/workspaces.ts'
import { OperatorError } from '../platform/refusal.ts'
import { dayNumber } from './calendar.ts'
import { type Company, makeCompany } from './company.ts'
import { lateSource } from './late-stream.ts'
import type { Plan } from './plan.ts'
import { companySource } from './stream.ts'

/** What an operator says of a simulated company. */
export interface Wanted {
  readonly people: number
  readonly days: number
  readonly seed: string
  /** The last day; null: yesterday. */
  readonly until: string | null
  readonly messagesPerPerson: number
}

export function planOf(ledger: Pick<Ledger, 'clock'>, { people, days, seed, until, messagesPerPerson }: Wanted, position: number): Plan {
  const today = ledger.clock.now().toZonedDateTimeISO('UTC').toPlainDate()
  const last = dayNumber(until === null ? today.subtract({ days: 1 }) : Temporal.PlainDate.from(until))
  if (last > dayNumber(today)) throw new OperatorError('a simulated history may not end after today')
  return { seed, position, people, first: last - days + 1, last, messagesPerPerson }
}

export interface Simulation {
  readonly workspace: WorkspaceRow
  readonly plan: Plan
  /** Only what comes later and is about the past. */
  readonly late: boolean
  readonly interrupted?: AbortSignal
  onProgress(step: ImportStep): void
}

export interface Simulated {
  readonly company: Company
  readonly summary: ImportSummary
}

/** Brings a simulated company into a workspace through the ordinary import, and labels the workspace as what it is. */
export async function simulate(ctx: Context, { workspace, plan, late, interrupted, onProgress }: Simulation): Promise<Simulated> {
  if (workspace.kind !== 'simulated') {
    if (workspace.kind !== 'empty' || (await holdsRecords(ctx.ledger, workspace)))
      throw new OperatorError(`the workspace ${workspace.name} holds records of its own: simulate into an empty one`)
    await labelSimulated(ctx, { workspace: { number: workspace.number, id: workspace.id, name: workspace.name } })
  }
  const company = makeCompany(plan)
  const from = late ? lateSource(company) : companySource(company)
  const more = interrupted ? { interrupted } : {}
  const summary = await runImport(ctx, { from, paths: [from.name], workspace, dryRun: false, nameAll: false, onProgress, ...more })
  return { company, summary }
}

async function holdsRecords({ database, organization }: Ledger, workspace: Workspace): Promise<boolean> {
  const found = await database.reader
    .selectFrom('item')
    .select('number')
    .where('organization_id', '=', organization.number)
    .where('workspace_id', '=', workspace.number)
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}

/** Nobody is to take simulated people for real ones: the label comes before the first record. */
const labelSimulated = command({
  action: 'workspace.simulate',
  scope: 'settings:manage',
  input: z.object({ workspace: z.object({ number: z.int(), id: z.string(), name: z.string() }) }),
  async run(tx, { ledger }, { workspace }) {
    await tx.query(`update workspace set kind = 'simulated' where organization_id = $1 and workspace_id = $2`, [
      ledger.organization.number,
      workspace.number,
    ])
    return { ids: [workspace.id], workspace, result: null }
  },
})
