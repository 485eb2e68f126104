import { useState } from 'react'
import { type EntryReply, entryReply, recordPaths } from '../../contract/record.ts'
import styles from '../admin/admin.module.css'
import { Dialog } from '../admin/dialog.tsx'
import { rolesHolding } from '../admin/words.ts'
import { Answered } from '../sources/part.tsx'
import { sourceName } from '../sources/words.ts'
import { ErasedWords } from './erased-words.tsx'
import { Inline, PlainText } from './plain-text.tsx'
import { usePurpose } from './purpose.ts'
import { PurposeForm } from './purpose-strip.tsx'
import { usePosted } from './use-posted.ts'
import { entryName, momentWords } from './words.ts'

/** One record as it is stored, and the other versions of what it is about. */
export function EntryDialog({ workspace, seq: opened, onClose }: { workspace: string; seq: number; onClose(): void }) {
  const purpose = usePurpose()
  const [seq, setSeq] = useState(opened)
  const answer = usePosted(recordPaths.entry, entryReply, purpose === null ? null : { workspace_id: workspace, seq, purpose })
  return (
    <Dialog title={`Record no. ${seq}`} onClose={onClose}>
      {purpose === null ? (
        <PurposeForm what="The record" />
      ) : (
        <Answered answer={answer} seenBy={rolesHolding('compliance:read')}>
          {(reply) => <Stored reply={reply} onVersion={setSeq} />}
        </Answered>
      )}
    </Dialog>
  )
}

function Stored({ reply: { entry, record, versions }, onVersion }: { reply: EntryReply; onVersion(seq: number): void }) {
  return (
    <>
      <dl className={styles.facts}>
        <dt>What</dt>
        <dd>
          {entryName(entry)}, from {sourceName(entry.source)}
        </dd>
        <dt>Id</dt>
        <dd>
          <Inline text={entry.id} most={600} />
        </dd>
        <dt>Recorded</dt>
        <dd>
          <time dateTime={entry.received_at}>{momentWords(entry.received_at)}</time>
        </dd>
      </dl>
      {versions.length > 1 && (
        <p className={`${styles.buttons} ${styles.note}`}>
          {versions.map((version, place) => (
            <button
              key={version.seq}
              type="button"
              className={`${styles.button} ${styles.small}`}
              aria-pressed={version.seq === entry.seq}
              onClick={() => onVersion(version.seq)}
            >
              Version {place + 1}
              {version.erased ? ', erased' : version.newest ? ', the one that holds' : ''}
            </button>
          ))}
        </p>
      )}
      {record === null ? <ErasedWords erased={entry.erased} /> : <PlainText mono text={pretty(record)} />}
    </>
  )
}

/** The stored bytes are canonical JSON; these are the same with line breaks. */
const pretty = (record: string) => JSON.stringify(JSON.parse(record), null, 2)
