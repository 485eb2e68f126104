import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ndjson, openTestApp } from '../test/support/app.ts'
import { daybookCommand, type Ended, root, startDaybook } from '../test/support/cli.ts'
import { press } from '../test/support/people.ts'
import { conversation, message, person } from '../test/support/records.ts'

/** The server of this test keeps the database running, so that every command finds it. */
const daybook = openTestApp()
const files = mkdtempSync(join(tmpdir(), 'daybook-cli-'))
afterAll(() => rmSync(files, { recursive: true }))

const run = (...args: string[]): Promise<Ended> => daybookCommand(daybook.data, ...args)

/** Runs a command with --json that has to succeed; standard output holds the one document and nothing else. */
async function json(...args: string[]) {
  const { code, stdout, stderr } = await run(...args, '--json')
  expect(code, stderr).toBe(0)
  expect(stdout.trim().split('\n')).toHaveLength(1)
  return JSON.parse(stdout)
}

describe('wrong usage', () => {
  test.concurrent.each([
    [[], 'Usage: daybook'],
    [['bogus'], "unknown command 'bogus'"],
    [['workspace'], 'Usage: daybook workspace'],
    [['workspace', 'create'], "required option '--name <name>' not specified"],
    [['workspace', 'create', '--name', 'x', '--region', 'mars'], 'Allowed choices are us, eu'],
    [['key', 'create', '--name', 'x', '--scope', 'read', '--expires', '5x'], 'such as 90d'],
    [['key', 'create', '--name', 'x', '--scope', 'everything'], 'everything is not a scope; there are compliance:read'],
    [['import', 'diary', '/tmp', '--workspace', 'x'], 'Allowed choices are chatgpt-export, records'],
    [['dead-letters', 'replay', 'first'], 'the number of a dead letter'],
  ])('%j ends with 2 and says what is right', async (args, words) => {
    const { code, stdout, stderr } = await run(...args)
    expect(stderr).toContain(words)
    expect(code).toBe(2)
    expect(stdout).toBe('')
  })
})

test.concurrent.each([
  [['--help'], 'import'],
  [['serve', '--help'], '--ready-file'],
  [['demo', '--help'], '--ready-file'],
  [['workspace', 'create', '--help'], '--name'],
  [['workspace', 'list', '--help'], '--json'],
  [['key', 'create', '--help'], 'compliance:read'],
  [['key', 'list', '--help'], '--json'],
  [['key', 'revoke', '--help'], '<id>'],
  [['key', 'rotate', '--help'], '--overlap'],
  [['person', 'list', '--help'], '--json'],
  [['person', 'deactivate', '--help'], '--revoke-keys'],
  [['person', 'reactivate', '--help'], '--email'],
  [['person', 'add', '--help'], 'compliance_officer'],
  [['person', 'link', '--help'], '--email'],
  [['import', '--help'], '--dry-run'],
  [['dead-letters', 'list', '--help'], '--code'],
  [['dead-letters', 'replay', '--help'], '--workspace'],
])('%j explains the command and ends with 0', async (args, words) => {
  const { code, stdout } = await run(...args)
  expect(code).toBe(0)
  expect(stdout).toContain(words)
})

test('a workspace is made, found in the list, and named by its id or its name', async () => {
  const made = await json('workspace', 'create', '--name', 'Acme Inc', '--region', 'eu', '--seats', '40', '--industry', 'tools')
  expect(made).toMatchObject({ id: expect.stringMatching(/^[0-9a-f-]{36}$/), name: 'Acme Inc', region: 'eu', seats: 40, industry: 'tools' })
  expect(await json('workspace', 'list')).toEqual(
    expect.arrayContaining([expect.objectContaining({ id: made.id, name: 'Acme Inc', seats: 40 })]),
  )
  const again = await run('workspace', 'create', '--name', 'Twin', '--id', made.id)
  expect([again.code, again.stderr]).toEqual([1, `daybook: a workspace with the id ${made.id} exists already\n`])
  const { stdout, stderr } = await run('workspace', 'create', '--name', 'Bare')
  expect(stdout).toMatch(/^[0-9a-f-]{36}\n$/)
  expect(stderr).toContain('daybook import chatgpt-export')
})

test('what the counts of a workspace show is set, said and listed', async () => {
  const made = await json('workspace', 'create', '--name', 'Quiet', '--privacy', 'pseudonymous', '--viewer-detail', 'groups')
  const settings = { privacy_mode: 'pseudonymous', viewer_detail: 'groups', hide_gpt_analytics: false }
  expect(await json('workspace', 'list')).toContainEqual(expect.objectContaining({ id: made.id, ...settings }))
  const changed = await json('workspace', 'set', 'Quiet', '--name', 'Quieter', '--privacy', 'groups_only', '--hide-gpt-analytics', 'on')
  expect(changed).toMatchObject({
    id: made.id,
    name: 'Quieter',
    privacy_mode: 'groups_only',
    viewer_detail: 'groups',
    hide_gpt_analytics: true,
  })
  expect((await run('workspace', 'list')).stderr).toMatch(/Quieter .* groups_only +groups +hidden/)
  const nothing = await run('workspace', 'set', made.id)
  expect([nothing.code, nothing.stderr]).toEqual([2, expect.stringContaining('say what is to be changed')])
})

test('a key comes in until it is revoked', async () => {
  const key = await json('key', 'create', '--name', 'k', '--scope', 'read:security', '--expires', '2w')
  expect(key).toMatchObject({ key: expect.stringMatching(/^dbk_act_/), scopes: ['activity:read'], workspace_id: null })
  expect(Date.parse(key.expires_at) - Date.now()).toBeGreaterThan(13.9 * 86_400_000)
  expect((await daybook.get('/api/access', key.key)).statusCode).toBe(200)
  expect(await json('key', 'list')).toEqual(expect.arrayContaining([expect.objectContaining({ id: key.id, last_four: key.key.slice(-4) })]))
  await json('key', 'revoke', key.id)
  expect((await daybook.get('/api/access', key.key)).statusCode).toBe(401)
  expect((await run('key', 'list')).stderr).toContain('revoked')
})

test('a key is for some networks only, ends after 90 days if nobody says otherwise, and has a successor', async () => {
  const key = await json('key', 'create', '--name', 'k', '--scope', 'activity:read', '--network', '192.0.2.0/24', '127.0.0.1')
  expect(key).toMatchObject({ networks: ['192.0.2.0/24', '127.0.0.1/32'] })
  expect(Math.round((Date.parse(key.expires_at) - Date.now()) / 86_400_000)).toBe(90)
  const next = await json('key', 'rotate', key.id, '--overlap', '2h', '--expires', 'never')
  expect(next).toMatchObject({ scopes: ['activity:read'], networks: key.networks, expires_at: null, replaces: { id: key.id } })
  for (const { key: text } of [key, next]) expect((await daybook.get('/api/access', text)).statusCode).toBe(200)
  expect((await run('key', 'list')).stderr).toContain('192.0.2.0/24,127.0.0.1/32')
  const wrong = await run('key', 'create', '--name', 'k', '--scope', 'activity:read', '--network', 'home')
  expect([wrong.code, wrong.stdout]).toEqual([2, ''])
})

test('a key for one workspace names it, and a script gets its bare text', async () => {
  const { id } = await daybook.place()
  const { code, stdout, stderr } = await run('key', 'create', '--name', 'k', '--scope', 'ingest:write', '--workspace', id)
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^dbk_ing_\w+\n$/)])
  expect(stderr).not.toContain(stdout.trim())
  expect((await daybook.take(stdout.trim(), [person('u')])).accepted).toBe(1)
})

test('somebody is added and signs in by the link that is printed', async () => {
  await json('person', 'add', '--email', 'ada@example.com', '--role', 'auditor', '--role', 'legal')
  const { stdout } = await run('person', 'link', '--email', 'ada@example.com')
  expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:8484\/sign-in\/[\w-]{43}\n$/)
  expect((await press(daybook, new URL(stdout.trim()).pathname)).statusCode).toBe(303)
  const { url } = JSON.parse(
    (
      await startDaybook(daybook.data, ['person', 'link', '--email', 'ADA@example.com', '--json'], {
        DAYBOOK_URL: 'https://daybook.example.com/',
      }).ended
    ).stdout,
  )
  expect(url).toMatch(/^https:\/\/daybook\.example\.com\/sign-in\//)
})

test('somebody is shut out and let in again', async () => {
  const email = 'grace@example.com'
  await json('person', 'add', '--email', email, '--role', 'auditor', '--role', 'legal')
  expect(await json('person', 'list')).toEqual(
    expect.arrayContaining([expect.objectContaining({ email, roles: ['auditor', 'legal'], deactivated_at: null })]),
  )
  expect((await run('person', 'deactivate', '--email', email)).stderr).toBe(
    `${email} cannot come in any more: 0 sessions ended, 0 keys flagged.\n`,
  )
  expect((await run('person', 'list')).stderr).toMatch(/grace@example\.com +auditor,legal +organization +deactivated \d{4}-/)
  expect((await run('person', 'deactivate', '--email', email)).code).toBe(1)
  expect((await run('person', 'reactivate', '--email', email)).stderr).toBe(`${email} can come in again, as auditor.\n`)
})

test('what fails ends with 1 and one sentence without a stack; with --json the sentence is a document too', async () => {
  const { code, stdout, stderr } = await run('person', 'link', '--email', 'nobody@example.com', '--json')
  expect(code).toBe(1)
  expect(stderr).toMatch(/^daybook: nobody has the address nobody@example\.com: add them with .*\n$/)
  expect(JSON.parse(stdout)).toMatchObject({ error: { message: expect.stringContaining('nobody@example.com') } })
  expect((await run('import', 'records', '/no/such/place', '--workspace', 'No such')).stderr).toMatch(
    /^daybook: there is no workspace No such; .*\n$/,
  )
})

test('a mistake in the configuration is named before anything starts', async () => {
  const { code, stderr } = await startDaybook(daybook.data, ['workspace', 'list'], { DAYBOOK_PORT: 'many', DAYBOOK_HOTS: 'x' }).ended
  expect(code).toBe(1)
  expect(stderr).toContain('DAYBOOK_PORT: must be a whole number')
  expect(stderr).toContain('DAYBOOK_HOTS: no such setting')
  expect(stderr).not.toContain('    at ')
})

describe('an import', () => {
  const path = join(files, 'records.ndjson')
  beforeAll(() =>
    writeFileSync(path, ndjson([person('u'), conversation('c', 'u'), message('m', 'c'), '{"kind":', message('n', 'c', { role: 'robot' })])),
  )

  test('says in words what came of everything, and names every single thing that was not taken', async () => {
    const { id, name } = await daybook.place('Words')
    const { code, stdout, stderr } = await run('import', 'records', path, '--workspace', id)
    expect([code, stdout]).toEqual([0, ''])
    expect(stderr).toContain('5 records read')
    expect(stderr).toContain('3 new, 0 other versions of known ones, 0 known already')
    expect(stderr).toContain('2 rejected (bad_json 1, bad_field 1)')
    expect(stderr).toContain('records.ndjson #4: bad_json: ')
    expect(stderr).toContain('records.ndjson #5 (n): bad_field: role')
    expect(await json('import', 'records', path, '--workspace', name, '--dry-run')).toMatchObject({ dry_run: true, read: 5, accepted: 0 })
  })

  test('leaves dead letters that are listed and sent again', async () => {
    const { id } = await daybook.place()
    await run('import', 'records', path, '--workspace', id)
    const letters = await json('dead-letters', 'list', '--workspace', id)
    expect(letters).toMatchObject([
      { code: 'bad_json', place: 'records.ndjson, line 4' },
      { code: 'bad_field', id: 'n' },
    ])
    expect((await run('dead-letters', 'list', '--workspace', id, '--code', 'bad_json')).stderr).toContain('records.ndjson, line 4')
    const replayed = await json('dead-letters', 'replay', String(letters[1].number))
    expect(replayed).toMatchObject({ taken: [], refused: [{ number: letters[1].number, code: 'bad_field' }] })
    expect((await run('dead-letters', 'replay', '--workspace', id)).stderr).toContain('0 dead letters taken, 2 refused again.')
  })

  test('of something that is no export at all fails, and says so', async () => {
    const { id } = await daybook.place()
    const { code, stderr } = await run('import', 'chatgpt-export', files, '--workspace', id)
    expect(code).toBe(1)
    expect(stderr).toContain('no ChatGPT export in it')
  })
})

test('a command that finds no server leaves none behind', async () => {
  const data = mkdtempSync(join(tmpdir(), 'daybook-alone-'))
  try {
    const { code, stderr } = await daybookCommand(data, 'workspace', 'list')
    expect([code, stderr]).toEqual([0, 'There is no workspace yet: make one with "daybook workspace create --name …"\n'])
    expect(readdirSync(join(data, 'postgres'))).not.toContain('postmaster.pid')
  } finally {
    rmSync(data, { recursive: true })
  }
})

test('an import that is interrupted leaves no database running and can be gone on with', async () => {
  const data = mkdtempSync(join(tmpdir(), 'daybook-alone-'))
  try {
    await daybookCommand(data, 'workspace', 'create', '--name', 'W')
    const many = join(files, 'many.ndjson')
    writeFileSync(many, ndjson(Array.from({ length: 20_000 }, (_, i) => message(`m${i}`, 'c'))))
    const child = startDaybook(data, ['import', 'records', many, '--workspace', 'W'])
    // It listens to signals before it starts the database, which is there until the end.
    while (!existsSync(join(data, 'postgres', 'postmaster.pid'))) await new Promise((resolve) => setTimeout(resolve, 20))
    await new Promise((resolve) => setTimeout(resolve, 500))
    // As Ctrl+C under npm: the terminal sends it to both, and npm sends it on.
    child.kill('SIGINT')
    await new Promise((resolve) => setTimeout(resolve, 50))
    child.kill('SIGINT')
    expect(await child.ended).toMatchObject({ code: 1, stderr: 'daybook: interrupted; what was done is kept\n' })
    expect(existsSync(join(data, 'postgres', 'postmaster.pid'))).toBe(false)
    const { stdout } = await daybookCommand(data, 'import', 'records', many, '--workspace', 'W', '--json')
    const { resumed, accepted, duplicates, rejected_count } = JSON.parse(stdout)
    expect({ all: resumed + accepted + duplicates, rejected_count }).toEqual({ all: 20_000, rejected_count: 0 })
  } finally {
    rmSync(data, { recursive: true })
  }
})

test('the sample of this checkout is checked without a word of reproach', async () => {
  const { id } = await daybook.place()
  expect(await json('import', 'chatgpt-export', join(root, 'sample'), '--workspace', id, '--dry-run')).toMatchObject({ rejected: [] })
})
