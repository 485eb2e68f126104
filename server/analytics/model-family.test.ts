import { expect, test } from 'vitest'
import { openTestApp } from '../../test/support/app.ts'
import { familyOfPrefix, modelFamily } from './model-family.ts'
import { Binds } from './sql.ts'
import { familyOf } from './sql-facts.ts'

const daybook = openTestApp()

const examples: [string, string][] = [
  ['gpt-4o', 'GPT-4o'],
  ['gpt-4o-2024-08-06', 'GPT-4o'],
  ['gpt-4o-mini-2024-07-18', 'GPT-4o mini'],
  ['gpt-4', 'GPT-4'],
  ['gpt-4-turbo-2024-04-09', 'GPT-4 Turbo'],
  ['gpt-4-1106-preview', 'GPT-4 Turbo'],
  ['gpt-4-1-mini', 'GPT-4.1'],
  ['gpt-5-codex', 'Codex'],
  ['o3-mini', 'o3'],
  ['claude-3-7-sonnet-20250219', 'Claude Sonnet'],
  ['anthropic/claude-opus-4', 'Claude Opus'],
  ['openrouter/openai/GPT-4o', 'GPT-4o'],
  ['unknown', 'unknown'],
  ['', 'Other'],
  ['home-grown', 'Other'],
  ['my-gpt-4o', 'Other'],
]

test.each(examples)('%s belongs to %s', (slug, family) => {
  expect(modelFamily(slug)).toBe(family)
})

test('the engine puts every slug into the same family', async () => {
  const slugs = [...examples.map(([slug]) => slug), ...familyOfPrefix.flatMap(([prefix]) => [prefix, `${prefix}-x`, `a/${prefix}`])]
  const binds = new Binds()
  const slugsBound = binds.bind('Array(String)', slugs)
  const sql = `select model, ${familyOf(binds)} as family from (select toLowCardinality(arrayJoin(${slugsBound})) as model)`
  const { rows } = await daybook.ledger.facts.query<{ model: string; family: string }>(sql, binds.params)
  expect(rows).toHaveLength(slugs.length)
  expect(rows).toEqual(rows.map(({ model }) => ({ model, family: modelFamily(model) })))
})
