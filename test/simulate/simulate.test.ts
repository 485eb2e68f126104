import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { recordKinds } from '../../contract/records.ts'
import { canonicalText } from '../../server/ledger/canonical.ts'
import { openLedger } from '../../server/ledger/open.ts'
import { openRow, type SealedRow, sealedColumns } from '../../server/ledger/read.ts'
import { readConfig } from '../../server/platform/config.ts'
import { daybookCommand, startDaybook } from '../support/cli.ts'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

/** A data directory with two empty workspaces, always of the same ids. */
async function place(): Promise<string> {
  const data = mkdtempSync(join(tmpdir(), 'daybook-simulate-'))
  folders.push(data)
  for (const name of ['A', 'B']) {
    const id = `00000000-0000-4000-8000-00000000000${name.toLowerCase()}`
    expect((await daybookCommand(data, 'workspace', 'create', '--name', name, '--id', id)).code).toBe(0)
  }
  return data
}

const company = [
  ...['simulate', '--workspace', 'A', '--people', '26', '--days', '40', '--until', '2026-08-31', '--json'],
  ...['--messages-per-person', '1500'],
]

async function simulated(data: string, seed: string, ...more: string[]) {
  const { code, stdout, stderr } = await daybookCommand(data, ...company, '--seed', seed, ...more)
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout) as {
    accepted: number
    duplicates: number
    rejected_count: number
    resumed: number
    kinds: Record<string, number>
  }[]
}

/** What the log holds beside the ledger's own entries, in its order. */
async function recordsIn(data: string): Promise<string[]> {
  const ledger = await openLedger(readConfig({ DAYBOOK_DATA: data, DAYBOOK_LOG: 'warn' }, data))
  try {
    const { rows } = await ledger.database.reads.query<SealedRow>(
      `select l.kind, ${sealedColumns} from log l join salts.log s using (organization_id, seq) where l.source != 'daybook' order by l.seq`,
    )
    return rows.map((row) => canonicalText(openRow(ledger.organization, row)))
  } finally {
    await ledger.close()
  }
}

/** Runs a command and kills it once the log has so many entries. */
async function killedAt(data: string, least: number, command: readonly string[]): Promise<void> {
  const ledger = await openLedger(readConfig({ DAYBOOK_DATA: data, DAYBOOK_LOG: 'warn' }, data))
  try {
    const child = startDaybook(data, command)
    for (let entries = 0; entries < least && child.exitCode === null; await sleep(20))
      entries = (await ledger.database.reads.query<{ entries: number }>('select count(*) as entries from log')).rows[0]?.entries ?? 0
    expect(child.exitCode).toBeNull()
    child.kill('SIGKILL')
    await child.ended
  } finally {
    await ledger.close()
  }
}

const digestOf = (records: readonly string[]) => createHash('sha256').update(records.join('\n')).digest('hex')

describe('a simulated company', () => {
  let whole: string[] = []

  test('is taken wholly, has every kind of record but surveys, and is known when it comes again', async () => {
    const data = await place()
    const [first] = await simulated(data, 'one')
    expect(first).toMatchObject({ rejected_count: 0, duplicates: 0 })
    const missing = recordKinds.filter((kind) => !first?.kinds[kind])
    expect(missing).toEqual(['survey', 'survey_response'])
    whole = await recordsIn(data)
    const [second] = await simulated(data, 'one')
    expect(second).toMatchObject({ accepted: 0, updated: 0, rejected_count: 0, files: { stored: 0 } })
    expect(await recordsIn(data)).toEqual(whole)
    const { stdout } = await daybookCommand(data, 'workspace', 'list', '--json')
    expect(JSON.parse(stdout)).toMatchObject([{ kind: 'simulated' }, { kind: 'empty' }])
  }, 300_000)

  test('is the same for the same seed and another for another; two workspaces get two', async () => {
    const [same, other] = [await place(), await place()]
    const both = await daybookCommand(same, ...company, '--workspace', 'B', '--seed', 'one')
    expect(both.code, both.stderr).toBe(0)
    const records = await recordsIn(same)
    const ofB = records.filter((record) => record.includes('00000000000b'))
    expect(ofB.length).toBeGreaterThan(500)
    expect(digestOf(records.filter((record) => !record.includes('00000000000b')))).toBe(digestOf(whole))
    const ids = (some: readonly string[]) => new Set<string>(some.flatMap((record) => JSON.parse(record).id ?? []))
    const shared = ids(ofB).intersection(ids(whole))
    expect([...shared].filter((id) => !id.startsWith('seats-'))).toEqual([])
    await simulated(other, 'two')
    expect(digestOf(await recordsIn(other))).not.toBe(digestOf(whole))
  }, 300_000)

  test('killed half-way and simulated again it leaves the same log', async () => {
    const data = await place()
    const long = company.map((word) => (word === '40' ? '90' : word))
    for (const least of [1500, 4000]) await killedAt(data, least, [...long, '--seed', 'one'])
    const { code, stdout, stderr } = await daybookCommand(data, ...long, '--seed', 'one')
    expect(code, stderr).toBe(0)
    const [{ resumed: steps, rejected_count }] = JSON.parse(stdout) as [{ resumed: number; rejected_count: number }]
    expect(steps).toBeGreaterThan(0)
    expect(rejected_count).toBe(0)
    const undisturbed = await place()
    expect((await daybookCommand(undisturbed, ...long, '--seed', 'one')).code).toBe(0)
    const [resumed, straight] = [await recordsIn(data), await recordsIn(undisturbed)]
    expect(resumed.length).toBe(straight.length)
    expect(digestOf(resumed)).toBe(digestOf(straight))
  }, 300_000)

  test('is refused by a workspace that holds records of its own', async () => {
    const data = await place()
    const file = join(data, 'one.ndjson')
    writeFileSync(file, '{"kind":"person","id":"user-1"}\n')
    expect((await daybookCommand(data, 'import', 'records', file, '--workspace', 'A')).code).toBe(0)
    const { code, stderr } = await daybookCommand(data, ...company, '--seed', 'one')
    expect(code).toBe(1)
    expect(stderr).toContain('holds records of its own')
  }, 300_000)

  test('lists what detections must find, and the activities are there', async () => {
    const data = await place()
    const file = join(data, 'incidents.json')
    await simulated(data, 'one', '--incidents', file)
    const [{ incidents }] = JSON.parse(readFileSync(file, 'utf8')) as [{ incidents: { what: string; activity_ids: string[] }[] }]
    const there = new Set((await recordsIn(data)).map((record) => JSON.parse(record).id))
    expect(incidents.length).toBeGreaterThan(6)
    for (const { activity_ids } of incidents) expect(activity_ids.every((id) => there.has(id))).toBe(true)
  }, 300_000)
})
