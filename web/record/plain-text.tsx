import { memo, type ReactNode, useEffect, useId, useMemo, useState } from 'react'
import { written } from '../format.ts'
import styles from './record.module.css'
import { chunksOf, codeMeaning, codeName, cutAt, type Piece, piecesOf, type Shown, withoutFloods } from './visible.ts'

/** Longer texts are shown in part until somebody asks for the rest. */
const shownAtFirst = 3000
const longFrom = 4000
/** The rest comes in pieces of this size, so many at a time: the page stays within reach of its reader. */
const chunkSize = 10_000
const chunksAtOnce = 2

export interface PlainTextProps {
  readonly text: string
  /** In the type of a machine: code, calls, JSON. */
  readonly mono?: boolean
}

/** What people and machines wrote, as text and nothing else. */
export const PlainText = memo(function PlainText({ text, mono = false }: PlainTextProps) {
  const [all, setAll] = useState(false)
  const isLong = text.length > longFrom
  return (
    <div className={mono ? styles.mono : styles.text} data-text={all || !isLong ? 'whole' : 'part'}>
      {all ? <Chunks text={text} /> : <Chunk text={isLong ? text.slice(0, cutAt(text, shownAtFirst)) : text} />}
      {isLong && (
        <p className={styles.more}>
          {!all && <span aria-hidden>… </span>}
          <button type="button" className={styles.small} aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? 'Show less' : `Show all ${written(text.length, 'count')} characters`}
          </button>
        </p>
      )}
    </div>
  )
})

function Chunks({ text }: { text: string }) {
  const chunks = useMemo(() => chunksOf(text, chunkSize), [text])
  const [count, setCount] = useState(chunksAtOnce)
  const isWhole = count >= chunks.length
  useEffect(() => {
    if (isWhole) return undefined
    const timer = setTimeout(() => setCount(count + chunksAtOnce))
    return () => clearTimeout(timer)
  }, [isWhole, count])
  // A text does not change under its reader: its chunks keep their places.
  return (
    <div data-whole={isWhole}>
      {chunks.slice(0, count).map((chunk, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a chunk is its place
        <Chunk key={place} text={chunk} />
      ))}
    </div>
  )
}

/** A new line begins where a chunk does; a line end that stands there already is not shown twice. */
const Chunk = memo(function Chunk({ text }: { text: string }) {
  return (
    <div className={styles.chunk} dir="auto" data-chunk>
      <Pieces text={text} />
    </div>
  )
})

function Pieces({ text, links = true }: { text: string; links?: boolean }): ReactNode {
  return withoutFloods(piecesOf(text)).map((piece, place) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: a piece is its place
    if (piece.kind === 'mark') return <Mark key={place} {...piece} />
    // biome-ignore lint/suspicious/noArrayIndexKey: a piece is its place
    if (piece.kind === 'flood') return <Flood key={place} {...piece} />
    if (piece.kind === 'text' || !links) return piece.text
    // biome-ignore lint/suspicious/noArrayIndexKey: a piece is its place
    return <Address key={place} text={piece.text} />
  })
}

function Mark({ code, times }: Extract<Piece, { kind: 'mark' }>) {
  const many = times > 1 ? ` ×${times}` : ''
  return (
    <bdi className={styles.mark} dir="ltr" title={codeMeaning(code)} data-code={code} data-times={times}>
      {codeName(code)}
      {many}
    </bdi>
  )
}

/** Which they are stands in the attribute: the rest of a long row of characters that are not seen. */
function Flood({ marks }: Extract<Shown, { kind: 'flood' }>) {
  const many = marks.reduce((sum, { times }) => sum + times, 0)
  return (
    <bdi
      className={styles.mark}
      dir="ltr"
      title="characters that are not seen"
      data-run={JSON.stringify(marks.map(({ code, times }) => [code, times]))}
    >
      and {written(many, 'count')} more
    </bdi>
  )
}

/** An address leads nowhere by itself: first it is shown whole, with the place it leads to, and only then it can be opened. */
function Address({ text }: { text: string }) {
  const [shown, setShown] = useState(false)
  const id = useId()
  return (
    <>
      <bdi>{text}</bdi>
      <button
        type="button"
        className={styles.leads}
        aria-expanded={shown}
        aria-controls={shown ? id : undefined}
        data-ours
        onClick={() => setShown(!shown)}
      >
        {shown ? 'close' : 'link'}
      </button>
      {shown && <Leads id={id} text={text} />}
    </>
  )
}

function Leads({ id, text }: { id: string; text: string }) {
  const target = URL.canParse(text) ? new URL(text) : null
  return (
    <span id={id} className={styles.leadsTo} dir="ltr" data-ours>
      {target === null ? (
        'This is no address that a browser could open.'
      ) : (
        <>
          It leads to <strong>{target.host}</strong>, away from Daybook: <code>{target.href}</code>{' '}
          <a href={target.href} target="_blank" rel="noreferrer noopener" referrerPolicy="no-referrer">
            Open it in a new tab
          </a>
        </>
      )}
    </span>
  )
}

const longestInline = 200

/** A title, a name or an id among our own words: one line, isolated, nothing in it hidden. */
export function Inline({ text, most = longestInline }: { text: string; most?: number }) {
  const shown = text.length > most ? `${text.slice(0, cutAt(text, most))}…` : text
  return (
    <bdi className={styles.inline} dir="auto">
      <Pieces text={shown.replaceAll(/[\r\n\t]+/g, ' ')} links={false} />
    </bdi>
  )
}
