import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { SearchHit, SearchReply } from '../../contract/search.ts'
import styles from '../admin/admin.module.css'
import { sameWorkspace } from '../bookmark/bookmark.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { written } from '../format.ts'
import { EntryDialog } from './entry-dialog.tsx'
import { Inline } from './plain-text.tsx'
import own from './record.module.css'
import { kindName, momentWords, personWords } from './words.ts'

/** What was found, each with the place where it stands, and how far was looked. */
export function Hits({ reply }: { reply: SearchReply }) {
  const { workspace } = useBookmark()
  const [opened, setOpened] = useState<number | null>(null)
  return (
    <>
      <p className={styles.note} role="status">
        {foundWords(reply)}
      </p>
      <ol className={own.hits} aria-label="Matches">
        {reply.data.map((hit) => (
          <li key={hit.seq}>
            <Hit hit={hit} onOpen={() => setOpened(hit.seq)} />
          </li>
        ))}
      </ol>
      {opened !== null && workspace !== null && <EntryDialog workspace={workspace} seq={opened} onClose={() => setOpened(null)} />}
    </>
  )
}

function foundWords({ data, has_more, searched_back_to, behind, skipped }: SearchReply): string {
  const found = data.length === 0 ? 'Nothing was found' : `${written(data.length, 'count')} ${data.length === 1 ? 'match' : 'matches'}`
  const more = has_more ? ' on this page; there is more to look at' : ''
  const back = searched_back_to === null ? '' : `, looking back to ${momentWords(searched_back_to)}`
  const late = behind === 0 ? '' : ` ${written(behind, 'count')} entries are not in the index yet and were read one by one.`
  const left = skipped === 0 ? '' : ` ${written(skipped, 'count')} new entries were left out: the index is too far behind.`
  return `${found}${more}${back}.${late}${left}`
}

function Hit({ hit, onOpen }: { hit: SearchHit; onOpen(): void }) {
  const { bookmark } = useBookmark()
  const { kind, id, conversation_id, person, at, older_version, deleted_at, snippets, seq } = hit
  return (
    <>
      <p className={styles.buttons}>
        <strong>{kindName(kind)}</strong>
        {person !== null && <Inline text={personWords(person)} most={80} />}
        <time className={styles.hint} dateTime={at}>
          {momentWords(at)}
        </time>
        {older_version && <span className={styles.mark}>before it was changed</span>}
        {deleted_at !== null && (
          <span className={styles.mark} data-tone="warn">
            deleted at its source
          </span>
        )}
      </p>
      {snippets.map(({ before, match, after }, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a snippet is its place
        <p key={place} className={own.snippet} dir="auto">
          <Inline text={before} most={400} />
          <mark>
            <Inline text={match} most={400} />
          </mark>
          <Inline text={after} most={400} />
        </p>
      ))}
      <p className={`${styles.buttons} ${styles.note}`}>
        {conversation_id !== null && (
          <Link
            to="/record/conversation"
            search={{ ...sameWorkspace(bookmark), id: conversation_id, ...(kind === 'message' ? { message: id } : {}) }}
          >
            Conversation<span className="unseen"> of match {seq}</span>
          </Link>
        )}
        <button type="button" className={`${styles.button} ${styles.small}`} onClick={onOpen}>
          Record<span className="unseen"> of match {seq}</span>
        </button>
      </p>
    </>
  )
}
