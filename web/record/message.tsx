import { type KeyboardEvent, memo, useId, useState } from 'react'
import type { MessageVersion, ShownMessage } from '../../contract/record.ts'
import styles from '../admin/admin.module.css'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { EntryDialog } from './entry-dialog.tsx'
import { ErasedWords } from './erased-words.tsx'
import { Content, Files } from './parts.tsx'
import { Inline } from './plain-text.tsx'
import own from './record.module.css'
import type { Step } from './tree.ts'
import { marksOf, momentWords, personWords, roleName } from './words.ts'

interface MessageProps {
  readonly step: Step
  /** Absent in an outline, where all branches are there already. */
  onChoose?(step: Step, id: string): void
  onCurrent(id: string): void
}

/** One message, set apart from all others: who, when, what is special about it, and what it says. Drawn again only when something of it changed. */
export const Message = memo(DrawnMessage, (before, after) => {
  const [a, b] = [before.step, after.step]
  const same =
    a.message === b.message && a.parent === b.parent && before.onChoose === after.onChoose && before.onCurrent === after.onCurrent
  return same && a.siblings.length === b.siblings.length && a.siblings.every((id, place) => id === b.siblings[place])
})

function DrawnMessage({ step, onChoose, onCurrent }: MessageProps) {
  const { message, siblings } = step
  const heading = useId()
  const turn = (by: 1 | -1) => {
    const next = siblings[siblings.indexOf(message.id) + by]
    if (next !== undefined) onChoose?.(step, next)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const by = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : null
    // What lies over the page hangs on this in React's eyes, not in the reader's.
    const isHere = event.target instanceof Node && event.currentTarget.contains(event.target)
    if (by === null || !isHere || siblings.length < 2 || !onChoose || event.ctrlKey || event.altKey || event.metaKey) return
    event.preventDefault()
    turn(by)
  }
  return (
    <article
      className={own.message}
      data-message={message.id}
      data-role={message.role}
      data-hidden={message.hidden}
      tabIndex={-1}
      aria-labelledby={heading}
      onFocus={() => onCurrent(message.id)}
      onKeyDown={onKeyDown}
    >
      <header className={own.said}>
        <h3 id={heading}>
          {roleName(message.role)}
          <Author {...message} />
        </h3>
        {message.created_at === null ? (
          <span className={styles.hint}>no time given</span>
        ) : (
          <time className={styles.hint} dateTime={message.created_at}>
            {momentWords(message.created_at)}
          </time>
        )}
        {marksOf(message).map((words) => (
          <span key={words} className={styles.mark} data-tone={words.startsWith('deleted') ? 'warn' : undefined}>
            {words}
          </span>
        ))}
        {message.parent_id !== null && !message.parent_known && (
          <span className={styles.mark} data-tone="warn">
            the message it answers is not in the record
          </span>
        )}
        {siblings.length > 1 && <Fork at={siblings.indexOf(message.id) + 1} of={siblings.length} {...(onChoose ? { onTurn: turn } : {})} />}
      </header>
      <Calls {...message} />
      {message.erased === null ? <Content content={message.content} files={message.files} /> : <ErasedWords erased={message.erased} />}
      <Files files={message.files} />
      <Versions message={message} />
    </article>
  )
}

function Author({ person, tool_name, model, role }: ShownMessage) {
  return (
    <>
      {role === 'tool' && tool_name !== null && (
        <>
          {' '}
          <Inline text={tool_name} most={80} />
        </>
      )}
      {person !== null && (
        <span className={own.by}>
          {' '}
          · <Inline text={personWords(person)} most={80} />
        </span>
      )}
      {model !== null && (
        <span className={own.by}>
          {' '}
          · <Inline text={model} most={80} />
        </span>
      )}
    </>
  )
}

/** The tools it calls, but for those whose call stands in what it says. */
function Calls({ tools, content }: ShownMessage) {
  const said = (content ?? []).flatMap((part) => (isCall(part) ? part.name : []))
  const others = [...new Set(tools)].filter((tool) => !said.includes(tool))
  if (others.length === 0) return null
  return (
    <p className={styles.hint}>
      Calls{' '}
      {others.slice(0, 20).map((tool) => (
        <span key={tool} className={styles.mark}>
          <Inline text={tool} most={80} />
        </span>
      ))}
    </p>
  )
}

const isCall = (part: unknown): part is { name: unknown } =>
  typeof part === 'object' && part !== null && 'type' in part && part.type === 'tool_use' && 'name' in part

/** Which branch is shown here; the arrow keys do the same. */
function Fork({ at, of, onTurn }: { at: number; of: number; onTurn?(by: 1 | -1): void }) {
  const words = `Branch ${at} of ${of}`
  if (!onTurn) return <span className={styles.mark}>{words}</span>
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form
    <span role="group" className={own.fork} aria-label={words}>
      <button
        type="button"
        className={`${styles.button} ${styles.small}`}
        aria-label="Previous branch"
        aria-disabled={at === 1}
        onClick={() => onTurn(-1)}
      >
        ‹
      </button>
      <span>
        {at} of {of}
      </span>
      <button
        type="button"
        className={`${styles.button} ${styles.small}`}
        aria-label="Next branch"
        aria-disabled={at === of}
        onClick={() => onTurn(1)}
      >
        ›
      </button>
    </span>
  )
}

/** What it said before it was changed. */
function Versions({ message: { versions } }: { message: ShownMessage }) {
  const [open, setOpen] = useState(false)
  if (versions.length < 2) return null
  return (
    <div className={own.versions}>
      <button type="button" className={`${styles.button} ${styles.small}`} aria-expanded={open} onClick={() => setOpen(!open)}>
        Edited: {versions.length} versions
      </button>
      {open && (
        <ol>
          {versions.map((version, place) => (
            <li key={version.seq}>
              <p className={styles.hint}>
                Version {place + 1}, {version.updated_at === null ? 'recorded' : 'changed'}{' '}
                <time dateTime={version.updated_at ?? version.recorded_at}>{momentWords(version.updated_at ?? version.recorded_at)}</time>
                {version.newest && ', the one that holds'}
              </p>
              <Said version={version} />
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}

function Said({ version }: { version: MessageVersion }) {
  const { workspace } = useBookmark()
  const [open, setOpen] = useState(false)
  if (version.erased) return <ErasedWords erased={null} />
  if (!version.left_out) return <Content content={version.content} files={[]} />
  return (
    <p>
      <button type="button" className={`${styles.button} ${styles.small}`} onClick={() => setOpen(true)}>
        Read this version
      </button>
      {open && workspace !== null && <EntryDialog workspace={workspace} seq={version.seq} onClose={() => setOpen(false)} />}
    </p>
  )
}
