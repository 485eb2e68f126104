import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { RecordEntry } from '../../contract/record.ts'
import styles from '../admin/admin.module.css'
import { sameWorkspace } from '../bookmark/bookmark.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { ScrollBox } from '../sources/scroll-box.tsx'
import tables from '../sources/sources.module.css'
import { sourceName } from '../sources/words.ts'
import { EntryDialog } from './entry-dialog.tsx'
import { Inline } from './plain-text.tsx'
import own from './record.module.css'
import { entryName, momentWords, personWords, sizeWords } from './words.ts'

const heads = ['Recorded (UTC)', 'What', 'Who', 'It says', 'State']

/** What was recorded, line by line; each leads to its conversation and to the record itself. */
export function EntryTable({ entries, workspace }: { entries: readonly RecordEntry[]; workspace: string }) {
  const [opened, setOpened] = useState<number | null>(null)
  return (
    <>
      <ScrollBox name="Entries of the record">
        <table className={`${tables.table} ${own.entries}`}>
          <caption className="unseen">Entries of the record, the newest first</caption>
          <thead>
            <tr>
              {heads.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
              <th scope="col">Open</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <Row key={entry.seq} entry={entry} onOpen={() => setOpened(entry.seq)} />
            ))}
          </tbody>
        </table>
      </ScrollBox>
      {opened !== null && <EntryDialog workspace={workspace} seq={opened} onClose={() => setOpened(null)} />}
    </>
  )
}

const short = (instant: string) => instant.slice(0, 19).replace('T', ' ')

function Row({ entry, onOpen }: { entry: RecordEntry; onOpen(): void }) {
  const { seq, received_at, occurred_at, source, source_id, of, excerpt, size } = entry
  return (
    <tr data-seq={seq}>
      <th scope="row">
        <time dateTime={received_at}>{short(received_at)}</time>
        <span className={tables.small}>no. {seq}</span>
        <span className={tables.small}>
          {occurred_at === null ? (
            'does not say when it happened'
          ) : (
            <>
              happened <time dateTime={occurred_at}>{short(occurred_at)}</time>
            </>
          )}
        </span>
      </th>
      <td className={own.what}>
        {entryName(entry)}
        {of !== null && (
          <span className={tables.small}>
            of {of.kind} <Inline text={of.id} most={40} />
          </span>
        )}
        <span className={tables.small}>
          {sourceName(source)}
          {size !== null && `, ${sizeWords(size)} stored`}
        </span>
        {of === null && (
          <span className={tables.small}>
            <Inline text={source_id} most={40} />
          </span>
        )}
      </td>
      <td className={styles.wrap}>
        <Who {...entry} />
      </td>
      <td className={own.says}>{excerpt === null ? '–' : <Inline text={excerpt} />}</td>
      <td className={styles.wrap}>
        <StateWords {...entry} />
        <VersionWords {...entry} />
      </td>
      <td>
        <Opens entry={entry} onOpen={onOpen} />
      </td>
    </tr>
  )
}

function Who({ person }: RecordEntry) {
  const { bookmark } = useBookmark()
  if (person === null) return '–'
  return (
    <>
      <Link to="/record" search={{ ...sameWorkspace(bookmark), person: person.id }}>
        <Inline text={personWords(person)} most={60} />
        <span className="unseen">: all of this person</span>
      </Link>
      {person.name !== null && person.email !== null && (
        <span className={tables.small}>
          <Inline text={person.email} most={60} />
        </span>
      )}
    </>
  )
}

function Opens({ entry, onOpen }: { entry: RecordEntry; onOpen(): void }) {
  const { bookmark } = useBookmark()
  const { seq, kind, id, conversation_id } = entry
  const name = `${entryName(entry).toLowerCase()} ${seq}`
  return (
    <span className={own.opens}>
      {conversation_id !== null && (
        <Link
          to="/record/conversation"
          search={{ ...sameWorkspace(bookmark), id: conversation_id, ...(kind === 'message' ? { message: id } : {}) }}
        >
          Conversation<span className="unseen"> of {name}</span>
        </Link>
      )}
      <button type="button" className={`${styles.button} ${styles.small}`} onClick={onOpen}>
        Record<span className="unseen"> of {name}</span>
      </button>
    </span>
  )
}

/** Of most things there is one version only, and nothing to say. */
function VersionWords({ version }: RecordEntry) {
  if (version === null || version.of === 1) return null
  return (
    <span className={tables.small}>
      version {version.number} of {version.of}
      {version.newest && ', the one that holds'}
    </span>
  )
}

function StateWords({ deleted_at, erased }: RecordEntry) {
  if (erased !== null)
    return (
      <span className={styles.mark} data-tone="bad">
        erased
        {erased.at !== null && <time dateTime={erased.at}>{short(erased.at)}</time>}
      </span>
    )
  if (deleted_at === null) return 'kept'
  return (
    <>
      <span className={styles.mark} data-tone="warn">
        deleted at its source
      </span>
      <span className={tables.small}>
        <time dateTime={deleted_at}>{momentWords(deleted_at)}</time>
      </span>
    </>
  )
}
