import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openTestApp } from '../../test/support/app.ts'
import { root } from '../../test/support/cli.ts'
import { itemTargets, purgeNow } from '../../test/support/purging.ts'
import { importWords } from '../cli/import-words.ts'
import { operatorContext } from '../people/operator.ts'
import { listDeadLetters } from './dead-letters.ts'
import { runImport } from './import-run.ts'
import { chatgptExport } from './sources.ts'

const daybook = openTestApp()

test('an export that is imported again brings nothing back of what was deleted, and says so', async () => {
  const workspace = await daybook.place()
  const request = {
    from: chatgptExport,
    paths: [join(root, 'sample')],
    workspace,
    dryRun: false,
    nameAll: true,
    onProgress: () => undefined,
  }
  const first = await runImport(operatorContext(daybook.ledger), request)
  const chats = await daybook.rows<{ id: string; number: number; messages: number }>(
    `select i.id, i.number, (select count(*) from message m where m.conversation = i.number) as messages
     from item i where i.workspace_id = $1 and i.kind = 'conversation' order by i.number limit 3`,
    [workspace.number],
  )
  await purgeNow(
    daybook.ledger,
    await itemTargets(
      daybook,
      workspace,
      'conversation',
      chats.map(({ id }) => id),
    ),
  )
  const gone = await daybook.rows("select from log where workspace_id = $1 and source <> 'daybook' and payload is null", [workspace.number])
  expect(gone.length).toBeGreaterThanOrEqual(chats.length + chats.reduce((sum, { messages }) => sum + messages, 0))
  const again = await runImport(operatorContext(daybook.ledger), request)
  expect(again).toMatchObject({ read: first.read, accepted: 0, updated: 0, rejected_by_code: { purged: gone.length } })
  expect(again.duplicates).toBe(first.read - gone.length)
  expect(again.rejected.slice(0, 3).map(({ code, id }) => [code, typeof id])).toEqual(Array(3).fill(['purged', 'string']))
  expect(await listDeadLetters(daybook.ledger, {})).toEqual([])
  const words = importWords(again, 'Workspace').join('\n')
  expect(words).toContain(`${gone.length.toLocaleString('en-US')} rejected (purged ${gone.length.toLocaleString('en-US')})`)
  expect(words).toContain('What is "purged" was deleted from the record for good')
  expect(words).not.toContain('dead-letters')
  expect(
    await daybook.rows("select from log where workspace_id = $1 and source <> 'daybook' and payload is null", [workspace.number]),
  ).toHaveLength(gone.length)
})
