import type pg from 'pg'
import type { Ledger } from './context.ts'
import type { JsonObject } from './json.ts'
import { type LooseFile, looseFiles, namedByAssets, namedByMessages, namedByOthers, namedFiles } from './purge-files.ts'
import type { Located } from './purge-locate.ts'
import type { MessagePlace, Reach } from './purge-target.ts'
import { openRow, type SealedRow, sealedColumns } from './read.ts'

/** What belongs to a target and nothing else; what others hold as well stays. */
export function reachOf(tx: pg.ClientBase, ledger: Ledger, found: Located): Promise<Reach> | Reach {
  if (found.kind === 'conversation') return reachOfConversation(tx, ledger, found)
  if (found.kind === 'message') return reachOfMessage(tx, ledger, found)
  if (found.kind === 'gpt' || found.kind === 'project') return reachOfAsset(tx, ledger, found)
  return { items: [found.number], messages: [] }
}

/** Title, messages, files, links to it and what was said of its answers. Canvases and automations are somebody's own. */
async function reachOfConversation(tx: pg.ClientBase, ledger: Ledger, found: Located): Promise<Reach> {
  const organization = ledger.organization.number
  const { rows: messages } = await tx.query<{ first_seq: number; id: string }>(
    'select first_seq, id from message where organization_id = $1 and conversation = $2 and purged_at is null order by first_seq',
    [organization, found.number],
  )
  const { rows: its } = await tx.query<{ number: number }>(
    `select i.number from item i left join log l on l.organization_id = i.organization_id and l.seq = i.seq
     where i.organization_id = $1 and i.conversation = $2 and i.kind in ('file', 'share', 'feedback', 'comparison') and i.purged_at is null
       and (i.kind <> 'file' or l.remains::json->>'origin' is distinct from 'library')`,
    [organization, found.number],
  )
  const judged = await judgments(tx, ledger, found, { alsoIn: null, ids: new Set(messages.map(({ id }) => id)) })
  const places = messages.map(({ first_seq }) => ({ conversation: found.number, firstSeq: first_seq }))
  const loose = await filesNamedIn(tx, ledger, found, places)
  return { items: [found.number, ...its.map(({ number }) => number), ...judged, ...loose], messages: places }
}

/** Its files stay: other messages of the conversation may show them. */
async function reachOfMessage(tx: pg.ClientBase, ledger: Ledger, found: Located): Promise<Reach> {
  const conversation = found.conversation ?? 0
  const { rows } = await tx.query<{ id: string }>(
    'select id from message where organization_id = $1 and conversation = $2 and first_seq = $3',
    [ledger.organization.number, conversation, found.number],
  )
  const ids = new Set(rows.map(({ id }) => id))
  return {
    items: await judgments(tx, ledger, found, { alsoIn: conversation, ids }),
    messages: [{ conversation, firstSeq: found.number }],
  }
}

/** Conversations with it survive, and so do files that another GPT or project, a conversation or a library holds. */
async function reachOfAsset(tx: pg.ClientBase, ledger: Ledger, found: Located): Promise<Reach> {
  const { rows } = await tx.query<SealedRow>(
    `select ${sealedColumns} from version v join log l on l.organization_id = v.organization_id and l.seq = v.seq
     join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq where v.organization_id = $1 and v.item = $2`,
    [ledger.organization.number, found.number],
  )
  const named = namedFiles(opened(ledger, rows), found.source)
  const files = (await looseFiles(tx, ledger, found, { named, of: found.number })).filter(
    (file) => (named.has(file.key) || file.holder !== null) && (file.holder ?? found.number) === found.number,
  )
  const elsewhere = files.length === 0 ? new Set<string>() : await namedByAssets(tx, ledger, found)
  return { items: [found.number, ...numbersOf(files, elsewhere)], messages: [] }
}

/** Files that stand in no conversation and that only the messages of this one name. */
async function filesNamedIn(tx: pg.ClientBase, ledger: Ledger, found: Located, messages: readonly MessagePlace[]): Promise<number[]> {
  const named = await namedByMessages(tx, ledger, found.source, messages)
  const files = (await looseFiles(tx, ledger, found, { named, of: null })).filter(({ holder }) => holder === null)
  if (files.length === 0) return []
  const elsewhere = await namedByOthers(tx, ledger, found, new Set(files.map(({ key }) => key)))
  return numbersOf(files, elsewhere.union(await namedByAssets(tx, ledger, found)))
}

const numbersOf = (files: readonly LooseFile[], elsewhere: ReadonlySet<string>) =>
  files.filter(({ key }) => !elsewhere.has(key)).map(({ number }) => number)

function opened(ledger: Ledger, rows: readonly SealedRow[]): JsonObject[] {
  return rows.map((row) => openRow(ledger.organization, row)).filter((record) => record !== null)
}

/**
 * Feedback may quote what it judges. That which names no conversation is told by the message that it names: of those who spoke in the
 * conversation, and of nobody known, it is opened and looked at.
 */
async function judgments(
  tx: pg.ClientBase,
  ledger: Ledger,
  { workspace, conversation }: Located,
  { alsoIn, ids }: { readonly alsoIn: number | null; readonly ids: ReadonlySet<string> },
): Promise<number[]> {
  const { rows } = await tx.query<SealedRow & { number: number }>(
    `select i.number, ${sealedColumns} from item i join log l on l.organization_id = i.organization_id and l.seq = i.seq
     join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq
     where i.organization_id = $1 and i.workspace_id = $2 and i.kind in ('feedback', 'comparison') and i.purged_at is null
       and i.source = (select c.source from item c where c.organization_id = $1 and c.number = $4) and (i.conversation is null or i.conversation = $3) and (i.person is null or i.person in (
         select c.person from conversation c where c.organization_id = $1 and c.number = $4
         union select m.person from message m where m.organization_id = $1 and m.conversation = $4))`,
    [ledger.organization.number, workspace.number, alsoIn, conversation],
  )
  return rows.filter((row) => ids.has(String(openRow(ledger.organization, row)?.message_id))).map(({ number }) => number)
}
