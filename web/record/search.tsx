import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { type SearchKind, searchKinds, searchPaths, searchReply } from '../../contract/search.ts'
import styles from '../admin/admin.module.css'
import { Checks, setField, TextField, textOf, ticked } from '../admin/fields.tsx'
import { PageHead } from '../admin/page-head.tsx'
import { ProblemContext, ProblemWords } from '../admin/problem-words.tsx'
import { rolesHolding } from '../admin/words.ts'
import { sameWorkspace } from '../bookmark/bookmark.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { NoWorkspace } from '../first-run/no-workspace.tsx'
import { Answered, Part, stateOf } from '../sources/part.tsx'
import { Hits } from './hits.tsx'
import { PersonField, usePersonMeant } from './person-meant.tsx'
import { usePurpose } from './purpose.ts'
import { PurposeForm, PurposeStrip } from './purpose-strip.tsx'
import { SavedSearches, SaveSearch } from './saved-searches.tsx'
import type { Sought } from './sought.ts'
import { usePosted } from './use-posted.ts'
import { kindName } from './words.ts'

/** Search in what the record says. The words stand in no address: this page remembers them as long as it is open. */
export function RecordSearch() {
  const { workspace, bookmark } = useBookmark()
  const purpose = usePurpose()
  if (workspace === null) return <NoWorkspace title="Search" />
  return (
    <>
      <PageHead title="Search" lead="In what was said, in names of files and in what they say">
        <Link className={styles.button} to="/record" search={sameWorkspace(bookmark)}>
          Back to the record
        </Link>
      </PageHead>
      {purpose !== null && <PurposeStrip />}
      <div className={styles.parts}>
        {purpose === null ? <PurposeForm what="What is found" /> : <Search key={workspace} workspace={workspace} purpose={purpose} />}
        <SavedSearches workspace={workspace} purpose={purpose} />
      </div>
    </>
  )
}

/** The last search of this tab and workspace, for who comes back from a conversation; it is gone with the tab. */
const last = new Map<string, { sought: Sought; cursors: readonly string[] }>()

function Search({ workspace, purpose }: { workspace: string; purpose: string }) {
  const [state, setState] = useState(last.get(workspace) ?? null)
  const show = (next: { sought: Sought; cursors: readonly string[] }) => {
    last.set(workspace, next)
    setState(next)
  }
  const cursor = state?.cursors.at(-1)
  const body = state && { workspace_id: workspace, ...state.sought, purpose, ...(cursor === undefined ? {} : { cursor }) }
  const answer = usePosted(searchPaths.search, searchReply, body)
  const search = (sought: Sought) => {
    const isShown = state !== null && state.cursors.length === 0 && JSON.stringify(state.sought) === JSON.stringify(sought)
    if (!isShown) show({ sought, cursors: [] })
    else if (!answer.waiting) answer.retry()
  }
  return (
    <Part
      id="search"
      title="Where was it said?"
      sentence={'All words must occur; “words in quotation marks” must follow each other. Case does not matter.'}
      waiting={answer.waiting}
      state={state === null ? 'ready' : stateOf(answer)}
    >
      <SearchForm workspace={workspace} sought={state?.sought ?? null} onSearch={search} />
      {state !== null && (
        <Answered answer={answer} seenBy={rolesHolding('compliance:read')}>
          {(reply) => (
            <>
              <Hits reply={reply} />
              <p className={`${styles.buttons} ${styles.note}`}>
                {state.cursors.length > 0 && (
                  <button
                    type="button"
                    className={styles.button}
                    data-command="first matches"
                    onClick={() => show({ ...state, cursors: [] })}
                  >
                    Newest matches <kbd aria-hidden>[</kbd>
                  </button>
                )}
                {reply.has_more && reply.cursor !== null && (
                  <button
                    type="button"
                    className={styles.button}
                    data-command="more matches"
                    onClick={() => reply.cursor !== null && show({ ...state, cursors: [...state.cursors, reply.cursor] })}
                  >
                    Older matches <kbd aria-hidden>]</kbd>
                  </button>
                )}
                <SaveSearch workspace={workspace} purpose={purpose} sought={state.sought} />
              </p>
            </>
          )}
        </Answered>
      )}
    </Part>
  )
}

const kindChoices = searchKinds.map((kind) => ({ value: kind, name: kindName(kind) }))
const isKind = (text: string): text is SearchKind => searchKinds.some((kind) => kind === text)

interface SearchFormProps {
  readonly workspace: string
  readonly sought: Sought | null
  onSearch(sought: Sought): void
}

function SearchForm({ workspace, sought, onSearch }: SearchFormProps) {
  const who = usePersonMeant({ workspace, field: 'person_id', id: sought?.person_id })
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const fields = new FormData(form)
    const meant = await who.ask(textOf(fields, 'person_id'))
    if (meant === null) return
    setField(form, 'person_id', meant)
    const kinds = ticked(fields, 'kinds').filter(isKind)
    const given = { person_id: meant, since: textOf(fields, 'since'), until: textOf(fields, 'until') }
    onSearch({
      text: textOf(fields, 'text'),
      ...(kinds.length > 0 && kinds.length < searchKinds.length ? { kinds } : {}),
      ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')),
    })
  }
  return (
    <ProblemContext value={who.problem}>
      <form className={styles.form} onSubmit={(event) => void submit(event)} aria-label="Search the record">
        <TextField
          name="text"
          label="Words"
          required
          maxLength={1000}
          defaultValue={sought?.text}
          data-command="words"
          spellCheck={false}
        />
        <Checks name="kinds" legend="In" options={kindChoices} chosen={sought === null ? searchKinds : (sought.kinds ?? searchKinds)} />
        <div className={`${styles.form} ${styles.inline}`}>
          <PersonField workspace={workspace} name="person_id" id={sought?.person_id} />
          <TextField name="since" label="Since (UTC)" type="date" defaultValue={sought?.since} />
          <TextField name="until" label="Until (UTC)" type="date" defaultValue={sought?.until} />
        </div>
        <p className={styles.buttons}>
          <button type="submit" className={styles.main}>
            Search
          </button>
        </p>
      </form>
      {who.problem !== null && who.problem.param !== 'person_id' && <ProblemWords problem={who.problem} />}
      {who.choice}
    </ProblemContext>
  )
}
