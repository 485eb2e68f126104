import { z } from 'zod'
import { type Dimension, dimensionIds, type MetricId, metricIds } from './metrics.ts'

/** The one question that pages, exports and the API ask, and its answer. `docs/metrics.md` explains every metric. */

const commaJoined = <T extends string>(ids: readonly T[], what: string) =>
  z
    .union([z.string(), z.array(z.string())])
    .transform((text) => (Array.isArray(text) ? text : [text]).flatMap((part) => part.split(',')).filter((part) => part !== ''))
    .pipe(z.array(z.enum(ids as [T, ...T[]], `is not a ${what}`)))

const filterValues = (what: string) =>
  z
    .union([z.string(), z.array(z.string())])
    .transform((values) => (Array.isArray(values) ? values : [values]))
    .optional()
    .describe(`Only ${what}; \`!\` before a value leaves it out; repeat it for several`)

/** Dimensions that rows can be narrowed by; a value that starts with `!` excludes. Repeat the parameter for several values: any of them. */
export const filterIds = [
  'person',
  'model',
  'model_family',
  'tool',
  'gpt',
  'project',
  'skill',
  'connector',
  'group',
  'role',
  'source',
] as const
export type FilterId = (typeof filterIds)[number]

const filters = {
  person: filterValues('of this person, by id'),
  model: filterValues('answered by this model, by its slug'),
  model_family: filterValues('answered by a model of this family'),
  tool: filterValues('with this tool'),
  gpt: filterValues('with this GPT, by id'),
  project: filterValues('in this project, by id'),
  skill: filterValues('with this skill'),
  connector: filterValues('with this connector'),
  group: filterValues('of people in this group'),
  role: filterValues('of people with this role'),
  source: filterValues('from this source'),
} as const satisfies Record<FilterId, z.ZodType>

export const analyticsQuery = z.object({
  workspace_id: z.string().describe('The workspace that is counted'),
  metrics: commaJoined<MetricId>(metricIds, 'metric')
    .refine((ids) => ids.length > 0 && ids.length <= 20, 'name one to twenty metrics')
    .describe('What is counted: ids of the catalogue, joined by commas'),
  by: commaJoined<Dimension>(dimensionIds, 'dimension')
    .default([])
    .refine((ids) => ids.length <= 2 && new Set(ids).size === ids.length, 'at most two different dimensions')
    .describe('What it is broken down by: none, one or two dimensions, joined by a comma'),
  range: z.string().default('28d').describe('28d, 2026-10, week-2026-10-25, 2026-10-01..2026-10-19, last-month …'),
  vs: z.string().optional().describe('prev, year, weekdays or a range; absent: no comparison'),
  ...filters,
})
export type AnalyticsQuery = z.output<typeof analyticsQuery>

/** A number that may not be shown is not a number. */
export const hiddenValue = z.object({ hidden: z.enum(['too-few-people', 'not-permitted']) })
export type HiddenValue = z.output<typeof hiddenValue>
/** null: not defined, such as a mean over nothing. */
export const shownValue = z.union([z.number(), z.null(), hiddenValue])
export type ShownValue = z.output<typeof shownValue>

/**
 * One row per combination of the dimensions asked for: their keys under their names (a day as its first day, an item by the id it
 * has on the wire, a name where one is known under `<dimension>_name`), and the metrics under theirs.
 */
export const analyticsRow = z.record(z.string(), z.union([z.string(), shownValue]))
export type AnalyticsRow = z.output<typeof analyticsRow>
const totals = z.record(z.string(), shownValue)

export const analyticsReply = z.object({
  range: z.object({ text: z.string(), first: z.iso.date(), last: z.iso.date(), running: z.boolean() }),
  rows: z.array(analyticsRow),
  total: totals,
  comparison: z
    .object({ range: z.string(), first: z.iso.date(), last: z.iso.date(), total: totals, rows: z.array(analyticsRow) })
    .nullable(),
  /** Rows that may not be shown; and, as dimension `metric`, what cannot be told under the filters of the question: its value is null. */
  hidden: z.array(z.object({ dimension: z.string(), key: z.string(), reason: z.string() })),
  /** Everything committed up to this moment is counted; null before anything was. */
  data_through: z.iso.datetime({ offset: true }).nullable(),
  rules_version: z.int(),
  /** Rows that the engine read for it. */
  rows_read: z.int(),
})
export type AnalyticsReply = z.output<typeof analyticsReply>

export const metricList = z.object({
  metrics: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      unit: z.enum(['count', 'ratio', 'share', 'seconds']),
      sentence: z.string(),
      additive: z.boolean(),
    }),
  ),
  dimensions: z.array(z.object({ id: z.string(), label: z.string() })),
})

/** The steps from what the compliance API returns to what the dashboard shows; each later step is what the ones before it left over. */
export const reconciliationSteps = [
  'returned',
  'outside_range',
  'no_time',
  'system',
  'tool',
  'assistant',
  'hidden_or_injected',
  'deleted_since',
  'counted',
] as const
export type ReconciliationStep = (typeof reconciliationSteps)[number]

export const reconciliationQuery = analyticsQuery.omit({ metrics: true, by: true, vs: true })

export const reconciliationReply = z.object({
  range: z.object({ text: z.string(), first: z.iso.date(), last: z.iso.date() }),
  /**
   * `returned`: all messages of conversations that the API returns for the range (last updated since its start). The next six are
   * taken away from it, `deleted_since` is added, and `counted` is the dashboard's figure: the sum must hold.
   */
  steps: z.array(z.object({ step: z.enum(reconciliationSteps), messages: z.int(), sentence: z.string() })),
  /** Conversations that the API returns only because something other than a message changed. */
  surfaced_conversations: z.int(),
  /** Whether the steps add up to what the query path counts for the same question. */
  adds_up: z.boolean(),
  data_through: z.string().nullable(),
})
export type ReconciliationReply = z.output<typeof reconciliationReply>
