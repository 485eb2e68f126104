import { afterAll, expect, test } from 'vitest'
import { conversation, message, owner, recordsOf } from './examples.ts'
import { bytesOf, canvasTalk, onDisk, readAll, removeInputs, single, talks, whole, zipped } from './made-inputs.ts'

afterAll(removeInputs)

test('reading twice gives the same records to the byte', async () => {
  const path = await zipped(whole)
  expect(JSON.stringify(recordsOf(await readAll(path)))).toBe(JSON.stringify(recordsOf(await readAll(path))))
})

test('after a talk went on, its old messages are the same to the byte and the conversation is newer', async () => {
  const begun = [message('a', 'user', 'hi'), message('b', 'assistant', 'hello')]
  const later = { update_time: 1733418075, default_model_slug: 'o1', gizmo_id: 'g-p-new', is_archived: true }
  const longer = conversation('c1', [...begun, message('c', 'user', 'more')], later)
  const before = recordsOf(await readAll(await single('conversations.json', [conversation('c1', begun)])))
  const after = recordsOf(await readAll(await single('conversations.json', [longer])))
  expect(JSON.stringify(after.slice(1, 3))).toBe(JSON.stringify(before.slice(1)))
  expect(String(after[0]?.updated_at) > String(before[0]?.updated_at)).toBe(true)
})

test('resuming behind any element gives exactly the rest, files and all', async () => {
  const path = await zipped(whole)
  const all = await readAll(path)
  for (const [at, found] of all.entries()) {
    if (found.type !== 'step') continue
    const done: Record<string, number> = {}
    for (const each of all.slice(0, at + 1)) if (each.type === 'step') done[each.file] = each.index + 1
    const rest = recordsOf(await readAll(path, done))
    expect(JSON.stringify(rest)).toBe(JSON.stringify(recordsOf(all.slice(at))))
  }
})

test('resuming behind a canvas does not tell of it again', async () => {
  const files = { 'user.json': owner, 'conversations.json': [canvasTalk('c1'), canvasTalk('branch')] }
  const path = await onDisk({ ...files, 'textdocs/doc.json': { content: 'final' }, 'textdocs/lone.json': { content: 'typed' } })
  const rest = recordsOf(await readAll(path, { 'conversations.json': 1 })).map(({ kind, id }) => `${kind} ${id}`)
  expect(rest).toEqual([`person ${owner.id}`, 'conversation branch', 'message 1', 'message 2', 'canvas lone'])
})

test('every element ends with a step, and the steps of a file lead to its end', async () => {
  const steps = (await readAll(await onDisk(whole))).flatMap((each) =>
    each.type === 'step' && each.file === 'conversations.json' ? [each] : [],
  )
  const size = bytesOf(talks).length
  expect(steps.map(({ index, bytesTotal }) => [index, bytesTotal])).toEqual([
    [0, size],
    [1, size],
  ])
  expect(steps[1]?.bytesRead).toBe(size - 1)
})
