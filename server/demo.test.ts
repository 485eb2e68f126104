import { expect, test } from 'vitest'
import { openTestApp } from '../test/support/app.ts'
import { loadSample, loadSimulated, makeDemoKeys } from './demo.ts'
import { listKeys } from './people/api-keys.ts'
import { listWorkspaces } from './people/workspaces.ts'

const daybook = openTestApp()
const imports = async () => (await daybook.entries('import.run')).filter(({ query }) => JSON.stringify(query).includes('"end"'))

test('the sample is loaded once, labelled as what it is', async () => {
  await loadSample(daybook.ledger)
  await loadSample(daybook.ledger)
  const all = await listWorkspaces(daybook.ledger)
  expect(all).toMatchObject([{ name: 'Sample: real chats', kind: 'sample' }])
  expect(await imports()).toHaveLength(1)
  expect((await daybook.rows('select from message')).length).toBeGreaterThan(1000)
})

test('a sample whose loading was broken off is loaded to its end', async () => {
  const [workspace] = await listWorkspaces(daybook.ledger)
  await daybook.rows(`insert into import_progress (organization_id, workspace_id, input, file, done) values (1, $1, 'x', '', 0)`, [
    workspace?.number,
  ])
  await loadSample(daybook.ledger)
  expect(await imports()).toHaveLength(2)
})

test('two simulated companies are loaded once, labelled as what they are, the second in the EU', async () => {
  const company = { people: 14, days: 20, seed: '1' }
  const steps: string[] = []
  const progress = (name: string) => ({ step: () => void steps.push(name), stop: () => undefined })
  const before = (await imports()).length
  await loadSimulated(daybook.ledger, company, progress)
  await loadSimulated(daybook.ledger, company, progress)
  expect(await imports()).toHaveLength(before + 2)
  const [, ...simulated] = await listWorkspaces(daybook.ledger)
  expect(simulated).toMatchObject([
    { name: 'Simulated: 14 people', kind: 'simulated', region: 'us' },
    { name: 'Simulated: 12 people in the EU', kind: 'simulated', region: 'eu' },
  ])
  expect(new Set(steps).size).toBe(2)
  for (const { number } of simulated)
    expect((await daybook.rows('select from message where workspace_id = $1 limit 1', [number])).length).toBe(1)
})

test('without people there is no simulated company', async () => {
  await loadSimulated(daybook.ledger, { people: 0, days: 20, seed: '1' }, () => ({ step: () => undefined, stop: () => undefined }))
  expect((await listWorkspaces(daybook.ledger)).map(({ kind }) => kind)).toEqual(['sample', 'simulated', 'simulated'])
})

test('demo keys are made anew at every start; those of the start before end', async () => {
  const before = await makeDemoKeys(daybook.ledger)
  const own = await daybook.key(['activity:read'])
  const after = await makeDemoKeys(daybook.ledger)
  expect(Object.keys(after)).toEqual(['compliance', 'compliance_delete', 'activity', 'analytics', 'ingest', 'scim', 'integrity'])
  const status = async (key = '') => (await daybook.get('/api/access', key)).statusCode
  expect([await status(before.activity), await status(after.activity), await status(own)]).toEqual([401, 200, 200])
  const valid = (await listKeys(daybook.ledger)).filter(({ name, revoked_at }) => name.startsWith('Demo') && revoked_at === null)
  expect(valid.map(({ scopes }) => scopes.join())).toEqual([
    'compliance:read',
    'compliance:read,compliance:delete',
    'activity:read',
    'analytics:read',
    'ingest:write',
    'scim:manage',
    'integrity:read',
  ])
  for (const { expires_at, workspace_id } of valid) {
    expect(Date.parse(expires_at ?? '') - Date.now()).toBeLessThanOrEqual(86_400_000)
    expect(workspace_id).toBeNull()
  }
})
