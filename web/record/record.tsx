import { Link } from '@tanstack/react-router'
import { type EntriesReply, entriesInput, entriesReply, recordPaths, type ShownPerson } from '../../contract/record.ts'
import styles from '../admin/admin.module.css'
import { PageHead } from '../admin/page-head.tsx'
import { usePageQuery } from '../admin/page-query.ts'
import { rolesHolding } from '../admin/words.ts'
import { sameWorkspace } from '../bookmark/bookmark.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { NoWorkspace } from '../first-run/no-workspace.tsx'
import { Answered, Part, stateOf } from '../sources/part.tsx'
import { EntryTable } from './entry-table.tsx'
import { Filter, filters, type View } from './filter.tsx'
import { usePurpose } from './purpose.ts'
import { PurposeStrip } from './purpose-strip.tsx'
import { usePosted } from './use-posted.ts'

const parameters = [...filters, 'after'] as const
const entriesPerPage = 50

/** The explorer: what there is in the record, by person, time, kind, conversation and id. What it says takes a purpose. */
export function RecordExplorer() {
  const { workspace } = useBookmark()
  return workspace === null ? <NoWorkspace title="Record" /> : <Explorer workspace={workspace} />
}

function Explorer({ workspace }: { workspace: string }) {
  const { bookmark } = useBookmark()
  const [asked, change] = usePageQuery(parameters)
  const purpose = usePurpose()
  const { view, misread } = understood(asked)
  const answer = usePosted(recordPaths.entries, entriesReply, {
    workspace_id: workspace,
    ...bodyOf(view),
    limit: entriesPerPage,
    ...(purpose === null ? {} : { purpose }),
  })
  return (
    <>
      <PageHead title="Record" lead="Every chat, file and event as it was recorded, the newest first">
        <Link className={styles.button} to="/record/search" search={sameWorkspace(bookmark)}>
          Search in what it says
        </Link>
      </PageHead>
      <PurposeStrip without="You see what there is, not what it says. Titles and texts come with a stated purpose." />
      <div className={styles.parts}>
        <Part
          id="entries"
          title="What is in the record?"
          sentence="One line for each thing that was recorded and each later version of it. Looking is in the access record, too."
          waiting={answer.waiting}
          state={stateOf(answer)}
        >
          <Filter
            workspace={workspace}
            view={view}
            person={personIn(answer.reply, view)}
            onChange={(part) => change({ ...part, after: '' })}
          />
          {misread.length > 0 && (
            <p className={styles.warning} role="status">
              Left out of the link, because it means nothing here: {misread.join(', ')}.
            </p>
          )}
          <Answered answer={answer} seenBy={rolesHolding('compliance:read')}>
            {(reply) => (
              <>
                {reply.data.length > 0 ? <EntryTable entries={reply.data} workspace={workspace} /> : <p>{emptyWords(view)}</p>}
                <Pages view={view} reply={reply} onChange={change} />
              </>
            )}
          </Answered>
        </Part>
      </div>
    </>
  )
}

/** Who has the id that the entries are narrowed to: one of the entries says it. */
function personIn(reply: EntriesReply | null, { person }: View): ShownPerson | null {
  return reply?.data.find((entry) => entry.person?.id === person)?.person ?? null
}

type Asked = Record<(typeof parameters)[number], string>

/** What a link says, as far as it means something. */
function understood(asked: Asked): { view: View & { after: string }; misread: string[] } {
  const view = { ...asked }
  const misread = parameters.filter((name) => asked[name] !== '' && !isMeant(name, asked[name]))
  for (const name of misread) view[name] = ''
  return { view, misread }
}

function isMeant(name: (typeof parameters)[number], text: string): boolean {
  if (name === 'after') return /^[1-9]\d{0,14}$/.test(text)
  const field = { kind: 'kind', person: 'person_id', conversation: 'conversation_id', id: 'id', since: 'since', until: 'until' } as const
  return entriesInput.shape[field[name]].safeParse(text).success
}

function bodyOf({ kind, person, conversation, id, since, until, after }: View & { after: string }): object {
  const given = { kind, person_id: person, conversation_id: conversation, id, since, until }
  return {
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')),
    ...(after === '' ? {} : { cursor: Number(after) }),
  }
}

const isNarrowed = (view: View) => filters.some((name) => view[name] !== '')

function emptyWords(view: View & { after: string }): string {
  if (view.after !== '') return 'This is the beginning of the record.'
  return isNarrowed(view)
    ? 'Nothing in the record matches all of this.'
    : 'Nothing has been recorded in this workspace yet. It appears here once chats are imported or a source is connected.'
}

/** On to older entries, back to the newest, and out of the filter. */
function Pages({ view, reply, onChange }: { view: View & { after: string }; reply: EntriesReply; onChange(part: Partial<Asked>): void }) {
  return (
    <p className={`${styles.buttons} ${styles.note}`}>
      {view.after !== '' && (
        <button type="button" className={styles.button} data-command="newest" onClick={() => onChange({ after: '' })}>
          Newest <kbd aria-hidden>[</kbd>
        </button>
      )}
      {reply.cursor !== null && (
        <button type="button" className={styles.button} data-command="older" onClick={() => onChange({ after: String(reply.cursor) })}>
          Older <kbd aria-hidden>]</kbd>
        </button>
      )}
      {isNarrowed(view) && (
        <button
          type="button"
          className={styles.button}
          data-command="all entries"
          onClick={() => onChange(Object.fromEntries(parameters.map((name) => [name, ''])))}
        >
          Show everything <kbd aria-hidden>Esc</kbd>
        </button>
      )}
    </p>
  )
}
