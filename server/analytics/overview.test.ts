import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { beforeAll, describe, expect, test } from 'vitest'
import { type AnalyticsReply, analyticsReply } from '../../contract/analytics.ts'
import type { Dimension, MetricId } from '../../contract/metrics.ts'
import { bucketsOf, type Period, parseRange, previous, type Range, type Step } from '../../contract/periods.ts'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { root } from '../../test/support/cli.ts'
import { conditionsOf, plainCount } from '../../test/support/plain-count.ts'
import { type PlainExports, readPlainExports } from '../../test/support/plain-exports.ts'
import { runImport } from '../intake/import-run.ts'
import { chatgptExport } from '../intake/sources.ts'
import { operatorContext } from '../people/operator.ts'
import { Follower } from './follow.ts'
import type { Key } from './query-question.ts'

const daybook = openTestApp()
const today = Temporal.Now.plainDateISO('UTC')

/** Every number of the Overview page that the exports can say something about. */
const shown: MetricId[] = [
  ...(['active_people', 'messages', 'gpt_messages', 'tool_messages', 'project_messages', 'skill_uses', 'connector_calls'] as const),
  ...(['conversations', 'messages_per_conversation', 'messages_per_conversation_median', 'daily_active', 'weekly_active'] as const),
  ...(['monthly_active', 'people_using_tools', 'tool_share', 'gpt_share', 'project_share'] as const),
]
const lengths: MetricId[] = ['sessions', 'session_seconds', 'session_seconds_median']
const close = (value: unknown) => (typeof value === 'number' ? Number(value.toFixed(6)) : value)

describe.each([
  ['the sample of this checkout', join(root, 'sample')],
  ['all thirteen shared exports', join(root, '..', 'shared', 'data', 'chatgpt-export-multiuser')],
])('%s', (_name, folder) => {
  let place: Place
  let key: string
  let plain: PlainExports
  const missing = !existsSync(folder)

  beforeAll(async () => {
    if (missing) return
    place = await daybook.place()
    key = await daybook.key(['analytics:read'], place)
    plain = readPlainExports(folder)
    const request = { from: chatgptExport, paths: [folder], workspace: place, dryRun: false, nameAll: false, onProgress: () => undefined }
    await runImport(operatorContext(daybook.ledger), request)
    await new Follower(daybook.ledger).catchUp()
  }, 120_000)

  async function query(parameters: Record<string, string>): Promise<AnalyticsReply> {
    const answer = await daybook.get(`/api/analytics/query?${new URLSearchParams({ workspace_id: place.id, ...parameters })}`, key)
    expect(answer.statusCode, answer.body).toBe(200)
    return analyticsReply.parse(answer.json())
  }

  /** Rows and total of the reply are those one counts in the files. */
  function expectCounted(
    counted: Pick<AnalyticsReply, 'rows' | 'total'>,
    metrics: readonly MetricId[],
    by: readonly Dimension[],
    period: Period,
  ): void {
    const plainly = (keys: readonly Key[]) =>
      Object.fromEntries(
        metrics.map((metric) => [metric, close(plainCount(plain, metric, period, conditionsOf([], by.slice(0, keys.length), keys)))]),
      )
    const numbers = (row: Record<string, unknown>) => Object.fromEntries(metrics.map((metric) => [metric, close(row[metric])]))
    expect(numbers(counted.total)).toEqual(plainly([]))
    for (const row of counted.rows) {
      const keys = by.map((dimension) => keyOf(row[dimension], dimension))
      expect({ keys, ...numbers(row) }).toEqual({ keys, ...plainly(keys) })
    }
  }

  const keyOf = (value: unknown, dimension: Dimension): Key =>
    dimension === 'person' ? plain.accounts.indexOf(String(value)) + 1 : typeof value === 'number' ? value : String(value)

  test
    .skipIf(missing)
    .each([['2024-11-28..2024-12-05'], ['2024-12'], ['week-2024-12-01'], ['2024-12-02..2024-12-04'], ['2024-11-01..2024-12-31']])(
    '%s: every number of the overview by day, week and month, and before, is the one in the files',
    async (text) => {
      const range: Range = parseRange(text, today)
      for (const step of ['day', 'week', 'month'] as Step[]) {
        const metrics = [...shown, ...lengths]
        const reply = await query({ metrics: metrics.join(), by: step, range: text, vs: 'prev' })
        expect(reply.rows.map((row) => row[step])).toEqual(bucketsOf(range, step, today).map(({ key: bucket }) => bucket))
        expectCounted(reply, metrics, [step], range)
        if (!reply.comparison) throw new Error('no comparison')
        expectCounted(reply.comparison, metrics, [step], previous(range))
      }
    },
  )

  test.skipIf(missing).each<[MetricId[], Dimension[]]>([
    [['messages', 'active_people', 'conversations'], ['model']],
    [
      ['messages', 'active_people'],
      ['day', 'model_family'],
    ],
    [['tool_messages', 'people_using_tools', 'tool_share', 'messages'], ['tool']],
    [
      ['messages', 'active_people'],
      ['weekday', 'hour'],
    ],
    [['messages', 'tool_messages', 'conversations', 'sessions'], ['person']],
    [['messages'], ['source']],
  ])('%s by %s are those in the files', async (metrics, by) => {
    const range = parseRange('2024-11-28..2024-12-05', today)
    const reply = await query({ metrics: metrics.join(), by: by.join(), range: range.text })
    expect(reply.rows.length).toBeGreaterThan(0)
    expectCounted(reply, metrics, by, range)
  })

  test.skipIf(missing)('no message is lost between the files and the count', async () => {
    const { total, rows_read, data_through } = await query({ metrics: 'messages', range: '2024-11-01..2024-12-31' })
    expect(total.messages).toBe(plain.messages.filter(({ role, unseen, at }) => role === 'user' && !unseen && at !== null).length)
    expect(rows_read).toBeGreaterThan(0)
    expect(data_through).not.toBeNull()
  })
})
