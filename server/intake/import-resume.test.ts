import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { ndjson, openTestApp } from '../../test/support/app.ts'
import { daybookCommand, root, startDaybook } from '../../test/support/cli.ts'
import { conversation, message, person } from '../../test/support/records.ts'
import type { ImportSummary } from './import-summary.ts'

const daybook = openTestApp()
const folder = mkdtempSync(join(tmpdir(), 'daybook-resume-'))
afterAll(() => rmSync(folder, { recursive: true }))

const farthest = async (workspace: number) => {
  const rows = await daybook.rows<{ done: number }>('select max(done) as done from import_progress where workspace_id = $1', [workspace])
  return rows[0]?.done ?? 0
}

/** What a workspace holds, in the order it came, without what differs between two imports. */
async function held(workspace: number) {
  const rows = await daybook.rows<{ kind: string; id: string }>(
    `select kind, id from log where workspace_id = $1 and source <> 'daybook' order by seq`,
    [workspace],
  )
  return rows.map(({ kind, id }) => `${kind} ${id}`)
}

/** Starts an import and kills it, with no time to say goodbye, once it has come somewhere. */
async function killed(source: string, path: string, workspace: { number: number; id: string }): Promise<void> {
  const child = startDaybook(daybook.data, ['import', source, path, '--workspace', workspace.id])
  while (child.exitCode === null && (await farthest(workspace.number)) === 0) await sleep(5)
  child.kill('SIGKILL')
  await child.ended
}

async function imported(source: string, path: string, workspace: { id: string }): Promise<ImportSummary> {
  const { code, stdout, stderr } = await daybookCommand(daybook.data, 'import', source, path, '--workspace', workspace.id, '--json')
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout)
}

test('an import that is killed goes on where it was, and the result is that of one that was not', async () => {
  const path = join(folder, 'many.ndjson')
  const messages = Array.from({ length: 6_000 }, (_, i) => message(`m${i}`, 'c'))
  writeFileSync(path, ndjson([person('u'), conversation('c', 'u'), ...messages]))
  const [broken, whole] = [await daybook.place(), await daybook.place()]
  await killed('records', path, broken)
  const before = await farthest(broken.number)
  expect(before).toBeGreaterThan(0)
  const second = await imported('records', path, broken)
  expect(second.resumed).toBe(before)
  expect(second.read + second.resumed).toBe(messages.length + 2)
  await imported('records', path, whole)
  expect(await held(broken.number)).toEqual(await held(whole.number))
})

test('after an import is complete the next one reads everything again, and finds only duplicates', async () => {
  const workspace = await daybook.place()
  const sample = join(root, 'sample')
  await killed('chatgpt-export', sample, workspace)
  await imported('chatgpt-export', sample, workspace)
  const before = await held(workspace.number)
  const again = await imported('chatgpt-export', sample, workspace)
  expect(again).toMatchObject({ resumed: 0, accepted: 0, updated: 0, duplicates: again.read, rejected: [] })
  expect(await held(workspace.number)).toEqual(before)
  expect(new Set(before).size).toBe(again.read)
})

test('an input that was changed in between is read from its beginning', async () => {
  const path = join(folder, 'changing.ndjson')
  const messages = Array.from({ length: 6_000 }, (_, i) => message(`n${i}`, 'c'))
  writeFileSync(path, ndjson(messages))
  const workspace = await daybook.place()
  await killed('records', path, workspace)
  writeFileSync(path, ndjson([message('new', 'c'), ...messages]))
  expect(await imported('records', path, workspace)).toMatchObject({ resumed: 0, read: messages.length + 1 })
})
