import { type FormEvent, useState } from 'react'
import { accessPage } from '../../contract/access.ts'
import styles from '../admin/admin.module.css'
import { textOf } from '../admin/fields.tsx'
import { PageHead } from '../admin/page-head.tsx'
import { usePageQuery } from '../admin/page-query.ts'
import { rolesHolding } from '../admin/words.ts'
import { useReply } from '../ask/use-answer.ts'
import { printSearch } from '../bookmark/bookmark.ts'
import { Answered, Part, stateOf } from '../sources/part.tsx'
import { EntryTable } from './entry-table.tsx'

const parameters = ['outcome', 'action', 'before'] as const
type View = Record<(typeof parameters)[number], string>

/** The access record: who read, changed or was denied what. Its filters and its place stand in the address. */
export function AccessRecord() {
  const [asked, change] = usePageQuery(parameters)
  const view = understood(asked)
  const answer = useReply(
    `/api/access${printSearch(Object.fromEntries(Object.entries(view).filter(([, value]) => value !== '')))}`,
    accessPage,
  )
  return (
    <>
      <PageHead title="Access record" lead="Who read, changed or was denied what, newest first" />
      <div className={styles.parts}>
        <Part
          id="access"
          title="Who looked, and who was turned away?"
          sentence="Entries stand in the log beside the chats themselves. Each look at this page is an entry, too: it stands on top the next time."
          waiting={answer.waiting}
          state={stateOf(answer)}
        >
          <Filter key={`${view.outcome} ${view.action}`} view={view} onChange={(part) => change({ ...part, before: '' })} />
          <Answered answer={answer} seenBy={rolesHolding('activity:read')}>
            {({ data, next_before }) => (
              <>
                {data.length > 0 ? <EntryTable entries={data} /> : <p>{emptyWords(next_before, view)}</p>}
                <Pages view={view} next={next_before} onChange={change} />
              </>
            )}
          </Answered>
        </Part>
      </div>
    </>
  )
}

/** On to older entries, back to the newest, and out of the filter. */
function Pages({ view, next, onChange }: { view: View; next: number | null; onChange(part: Partial<View>): void }) {
  const { outcome, action, before } = view
  return (
    <p className={`${styles.buttons} ${styles.note}`}>
      {before !== '' && (
        <button type="button" className={styles.button} data-command="newest" onClick={() => onChange({ before: '' })}>
          Newest <kbd aria-hidden>[</kbd>
        </button>
      )}
      {next !== null && (
        <button type="button" className={styles.button} data-command="older" onClick={() => onChange({ before: String(next) })}>
          Older <kbd aria-hidden>]</kbd>
        </button>
      )}
      {(outcome !== '' || action !== '') && (
        <button
          type="button"
          className={styles.button}
          data-command="all entries"
          onClick={() => onChange({ outcome: '', action: '', before: '' })}
        >
          Show all entries <kbd aria-hidden>Esc</kbd>
        </button>
      )}
    </p>
  )
}

/** What a link says, as far as it means something. */
function understood({ outcome, action, before }: View): View {
  return {
    outcome: outcome === 'allowed' || outcome === 'denied' ? outcome : '',
    action: action.trim().slice(0, 100),
    before: /^[1-9]\d{0,14}$/.test(before) ? before : '',
  }
}

function emptyWords(next: number | null, { before }: View): string {
  if (next !== null) return 'Nothing like this among the newest entries; go on with the older ones.'
  return before === '' ? 'Nothing like this was ever recorded.' : 'This is the beginning of the record.'
}

function Filter({ view, onChange }: { view: View; onChange(part: Pick<View, 'outcome' | 'action'>): void }) {
  const [outcome, setOutcome] = useState(view.outcome)
  const show = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    onChange({ outcome, action: textOf(new FormData(event.currentTarget), 'action') })
  }
  return (
    <form className={styles.bar} onSubmit={show} aria-label="Filter the access record">
      <p className={styles.field}>
        <label htmlFor="outcome">Outcome</label>
        <select id="outcome" data-command="outcome" value={outcome} onChange={(event) => setOutcome(event.currentTarget.value)}>
          <option value="">allowed and denied</option>
          <option value="allowed">allowed</option>
          <option value="denied">denied</option>
        </select>
      </p>
      <p className={styles.field}>
        <label htmlFor="action">Action, or its beginning</label>
        <input
          id="action"
          name="action"
          defaultValue={view.action}
          maxLength={100}
          autoComplete="off"
          spellCheck={false}
          placeholder="conversations.list"
        />
      </p>
      <p>
        <button type="submit" className={styles.main}>
          Show
        </button>
      </p>
    </form>
  )
}
