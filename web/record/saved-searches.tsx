import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { done } from '../../contract/admin.ts'
import { type SavedSearch, savedSearch, searchPaths, searchReply } from '../../contract/search.ts'
import styles from '../admin/admin.module.css'
import { FormDialog } from '../admin/dialog.tsx'
import { TextField, textOf } from '../admin/fields.tsx'
import { send } from '../admin/send.ts'
import { rolesHolding } from '../admin/words.ts'
import { written } from '../format.ts'
import { Answered, Part, stateOf } from '../sources/part.tsx'
import { kindWords } from '../sources/words.ts'
import { Hits } from './hits.tsx'
import { Inline } from './plain-text.tsx'
import type { Sought } from './sought.ts'
import { usePosted } from './use-posted.ts'
import { savedAddress, useSavedSearches } from './use-saved-searches.ts'
import { momentWords, personWords } from './words.ts'

/** Searches that go on by themselves, with what came since. */
export function SavedSearches({ workspace, purpose }: { workspace: string; purpose: string | null }) {
  const answer = useSavedSearches(workspace)
  const [opened, setOpened] = useState<string | null>(null)
  const [removing, setRemoving] = useState<SavedSearch | null>(null)
  return (
    <Part
      id="saved"
      title="What came since?"
      sentence="A saved search looks at everything new that is recorded and keeps what it finds until somebody has seen it."
      waiting={answer.waiting}
      state={stateOf(answer)}
    >
      <Answered answer={answer} seenBy={rolesHolding('compliance:read')}>
        {({ data }) =>
          data.length === 0 ? (
            <p className={styles.note}>No search is saved. Search for something, then save it.</p>
          ) : (
            <ul className={styles.cards} aria-label="Saved searches">
              {data.map((saved) => (
                <li key={saved.id} data-tone={saved.new_matches > 0 ? 'warn' : undefined}>
                  <About saved={saved} />
                  <p className={styles.buttons}>
                    <button
                      type="button"
                      className={styles.button}
                      aria-expanded={opened === saved.id}
                      disabled={purpose === null}
                      onClick={() => setOpened(opened === saved.id ? null : saved.id)}
                    >
                      {opened === saved.id ? 'Hide matches' : 'Show matches'}
                    </button>
                    <Pause saved={saved} onDone={answer.retry} />
                    <button type="button" className={styles.button} onClick={() => setRemoving(saved)}>
                      Remove
                    </button>
                  </p>
                  {opened === saved.id && purpose !== null && <Matches saved={saved} purpose={purpose} />}
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
      {removing !== null && (
        <FormDialog
          title="Remove a saved search"
          act="Remove it"
          dangerous
          done="The saved search is removed."
          onAct={() => send('DELETE', pathOf(removing), done)}
          onClose={() => setRemoving(null)}
        >
          <p>
            <Inline text={removing.name} /> looks no further, and what it found is forgotten. The record itself stays as it is.
          </p>
        </FormDialog>
      )}
    </Part>
  )
}

const pathOf = ({ id }: SavedSearch) => searchPaths.savedOne.replace(':id', encodeURIComponent(id))

function About({ saved }: { saved: SavedSearch }) {
  const { name, text, kinds, person, since, until, owner, created_at, new_matches, matches, active, last_match_at } = saved
  return (
    <div>
      <h3>
        <Inline text={name} />{' '}
        {new_matches > 0 && (
          <span className={styles.mark} data-tone="warn">
            {written(new_matches, 'count')} new
          </span>
        )}{' '}
        {!active && <span className={styles.mark}>paused</span>}
      </h3>
      <p>
        <Inline text={text} most={1000} />
        {kinds !== null && ` in ${kinds.map((kind) => kindWords(kind, 2)).join(', ')}`}
        {person !== null && (
          <>
            {' '}
            of <Inline text={personWords(person)} />
          </>
        )}
        {since !== null && ` since ${since.slice(0, 10)}`}
        {until !== null && ` until ${until.slice(0, 10)}`}
      </p>
      <p className={styles.hint}>
        Saved by <Inline text={owner.name} /> on {momentWords(created_at)} · {written(matches, 'count')}{' '}
        {matches === 1 ? 'match' : 'matches'}
        {last_match_at !== null && `, the last recorded on ${momentWords(last_match_at)}`}
      </p>
    </div>
  )
}

function Pause({ saved, onDone }: { saved: SavedSearch; onDone(): void }) {
  const [asked, setAsked] = useState(false)
  const words = saved.active ? 'Pause' : 'Go on'
  return (
    <>
      <button type="button" className={styles.button} onClick={() => setAsked(true)}>
        {words}
      </button>
      {asked && (
        <FormDialog
          title={`${words}: a saved search`}
          act={words}
          done={saved.active ? 'It is paused.' : 'It goes on.'}
          onAct={() => send('PATCH', pathOf(saved), savedSearch, { active: !saved.active })}
          onClose={() => {
            setAsked(false)
            onDone()
          }}
        >
          <p>{saved.active ? 'It keeps what it found and looks at nothing new.' : 'It looks at what is recorded from now on.'}</p>
        </FormDialog>
      )}
    </>
  )
}

function Matches({ saved, purpose }: { saved: SavedSearch; purpose: string }) {
  const path = searchPaths.savedMatches.replace(':id', encodeURIComponent(saved.id))
  const [cursors, setCursors] = useState<readonly string[]>([])
  const cursor = cursors.at(-1)
  const answer = usePosted(path, searchReply, { purpose, ...(cursor === undefined ? {} : { cursor }) })
  const queries = useQueryClient()
  const given = answer.stale ? null : answer.reply
  // What was given out is new no more.
  useEffect(() => {
    if (given !== null) void queries.invalidateQueries({ queryKey: [savedAddress(saved.workspace_id)] })
  }, [given, queries, saved.workspace_id])
  return (
    <div>
      <Answered answer={answer} seenBy={rolesHolding('compliance:read')}>
        {(reply) => (
          <>
            <Hits reply={reply} />
            {reply.has_more && reply.cursor !== null && (
              <button
                type="button"
                className={styles.button}
                onClick={() => reply.cursor !== null && setCursors([...cursors, reply.cursor])}
              >
                Older matches
              </button>
            )}
          </>
        )}
      </Answered>
    </div>
  )
}

/** Keeps the search that is shown, under a name. */
export function SaveSearch({ workspace, purpose, sought }: { workspace: string; purpose: string; sought: Sought }) {
  const [asking, setAsking] = useState(false)
  return (
    <>
      <button type="button" className={styles.button} data-command="save search" onClick={() => setAsking(true)}>
        Save this search <kbd aria-hidden>s</kbd>
      </button>
      {asking && (
        <FormDialog
          title="Save this search"
          act="Save"
          done="The search is saved."
          onAct={(fields) =>
            send('POST', searchPaths.saved, savedSearch, { workspace_id: workspace, name: textOf(fields, 'name'), purpose, ...sought })
          }
          onClose={() => setAsking(false)}
        >
          <TextField name="name" label="Name" required maxLength={100} hint="Everybody who reads the record of this workspace sees it." />
        </FormDialog>
      )}
    </>
  )
}
