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

/** What opens to its reconciliation: the numbers of Overview that count messages, conversations, people or uses. */
export const reconciledMetrics = [
  'messages',
  'gpt_messages',
  'project_messages',
  'tool_messages',
  'conversations',
  'active_people',
  'skill_uses',
  'connector_calls',
] as const satisfies MetricId[]
export type ReconciledMetric = (typeof reconciledMetrics)[number]

export const reconciliationSteps = [
  'returned',
  'no_message',
  'outside_range',
  'no_time',
  'system',
  'tool',
  'assistant',
  'person',
  'hidden_or_injected',
  'no_gpt',
  'no_project',
  'no_skill',
  'no_connector',
  'silent',
  'not_counted',
  'inside_answers',
  'further_uses',
  'not_listed',
  'deleted_since',
  'counted',
] as const
export type ReconciliationStep = (typeof reconciliationSteps)[number]

export const stepSigns = ['start', 'minus', 'plus', 'end'] as const
export type StepSign = (typeof stepSigns)[number]

export const reconciledUnits = ['messages', 'conversations', 'people'] as const

export const reconciliationQuery = analyticsQuery.omit({ metrics: true, by: true, vs: true }).extend({
  metric: z.enum(reconciledMetrics).default('messages').describe('The number that is opened'),
})

const reconciliationStep = z.object({
  step: z.enum(reconciliationSteps),
  /** What it does to the sum: the first begins it, the last is what it comes to. */
  sign: z.enum(stepSigns),
  name: z.string(),
  sentence: z.string(),
  /** Of messages, conversations or people; from the step on that adds further uses, of uses. */
  amount: z.int(),
  /** The same, for the metric `messages` only. */
  messages: z.int().optional(),
})

export const reconciliationReply = z.object({
  range: z.object({ text: z.string(), first: z.iso.date(), last: z.iso.date() }),
  metric: z.enum(reconciledMetrics),
  /** What the record is asked for: what the first step counts, and what is listed behind a step. */
  unit: z.enum(reconciledUnits),
  /** From what the compliance API returns to what the dashboard shows: from the first, what is taken away and added comes to the last. */
  steps: z.array(reconciliationStep),
  /** Conversations that the API returns only because something other than a message changed. */
  surfaced_conversations: z.int(),
  /** Whether the steps add up to what the query path counts for the same question. */
  adds_up: z.boolean(),
  data_through: z.string().nullable(),
})
export type ReconciliationReply = z.output<typeof reconciliationReply>
