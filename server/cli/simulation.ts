import { writeFileSync } from 'node:fs'
import { Follower } from '../analytics/follow.ts'
import type { ImportSummary } from '../intake/import-summary.ts'
import type { Context } from '../ledger/context.ts'
import { type WorkspaceRow, workspaceNamed } from '../people/workspaces.ts'
import { OperatorError } from '../platform/refusal.ts'
import { answerBook } from '../simulate/answer-book.ts'
import { dayText } from '../simulate/calendar.ts'
import type { Company } from '../simulate/company.ts'
import { incidentEntry, incidentsOf } from '../simulate/incidents.ts'
import { planOf, simulate } from '../simulate/run.ts'
import { count, say, sayJson } from './say.ts'
import { simulationProgress } from './simulation-progress.ts'
import { withLedger } from './with-ledger.ts'

export interface SimulateOptions {
  workspace: string[]
  people: number
  days: number
  seed: string
  until?: string
  messagesPerPerson: number
  late?: boolean
  answers?: string
  incidents?: string
  json?: boolean
}

interface Done {
  readonly workspace: WorkspaceRow
  readonly company: Company
  readonly summary: ImportSummary
}

/** Simulates a company in each workspace, counts them, and writes down what must come out. */
export async function runSimulations(options: SimulateOptions): Promise<void> {
  const { until = null, late = false } = options
  const done = await withLedger(async (ctx, interrupted) => {
    const workspaces = await Promise.all(options.workspace.map((text) => workspaceNamed(ctx.ledger, text)))
    if (new Set(workspaces.map(({ id }) => id)).size < workspaces.length) throw new OperatorError('each workspace can be named once')
    const all: Done[] = []
    for (const [position, workspace] of workspaces.entries()) {
      const plan = planOf(ctx.ledger, { ...options, until }, position)
      const progress = simulationProgress(workspace.name)
      try {
        all.push({ workspace, ...(await simulate(ctx, { workspace, plan, late, interrupted, onProgress: progress.step })) })
      } finally {
        progress.stop()
      }
    }
    await countThem(ctx)
    return all
  })
  if (options.answers) writeJson(options.answers, done.map(answersOf(late)))
  if (options.incidents) writeJson(options.incidents, done.map(incidentsIn))
  if (options.json) sayJson(done.map(({ summary }) => summary))
  else say(...done.flatMap(words))
}

/** Where a server runs, its follower does it. */
async function countThem({ ledger }: Context): Promise<void> {
  await ledger.facts.start()
  await new Follower(ledger).catchUp()
}

const answersOf =
  (late: boolean) =>
  ({ workspace, company }: Done) => ({ workspace_id: workspace.id, ...answerBook(company, late) })

const incidentsIn = ({ workspace, company }: Done) => ({ workspace_id: workspace.id, incidents: incidentsOf(company).map(incidentEntry) })

function writeJson(file: string, document: unknown): void {
  try {
    writeFileSync(file, `${JSON.stringify(document, null, 1)}\n`)
  } catch (cause) {
    throw new OperatorError(`${file} cannot be written`, { cause })
  }
}

function words({ workspace, company: { plan }, summary }: Done): string[] {
  const { read, accepted, updated, duplicates, rejected_count, kinds, files } = summary
  return [
    `Simulated in ${workspace.name}: ${count(plan.people, 'person', 'people')}, ${dayText(plan.first)} to ${dayText(plan.last)}.`,
    `  ${count(read, 'record')}, ${count(kinds.message ?? 0, 'message')} among them, ${count(files.stored, 'file')} stored`,
    `  ${accepted.toLocaleString('en-US')} new, ${updated.toLocaleString('en-US')} other versions, ${duplicates.toLocaleString('en-US')} known already, ${rejected_count} rejected`,
  ]
}
