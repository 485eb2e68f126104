import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { ShownConversation, ShownMessage } from '../../contract/record.ts'
import styles from '../admin/admin.module.css'
import { announce } from '../announce.tsx'
import { written } from '../format.ts'
import { Failed } from '../panel/state-words.tsx'
import { Message } from './message.tsx'
import own from './record.module.css'
import { branchOf, type Choices, choicesTo, outlineOf, type Step, type Tree, treeOf } from './tree.ts'
import type { Load } from './use-conversation.ts'

interface TalkProps {
  readonly conversation: ShownConversation
  readonly messages: readonly ShownMessage[]
  readonly load: Load
  readonly wanted: string | null
}

/** One branch from the beginning down, with a switch at each fork; or all of them as an outline. */
export function Talk({ conversation, messages, load, wanted }: TalkProps) {
  const tree = useMemo(() => treeOf(messages), [messages])
  const [choices, choose] = useChoices(tree, wanted)
  const [outlined, setOutlined] = useState(false)
  const steps = useMemo(
    () => (outlined ? outlineOf(tree) : branchOf(tree, choices).map((step) => ({ step, level: 0 }))),
    [tree, choices, outlined],
  )
  const list = useRef<HTMLOListElement>(null)
  const [current, setCurrent] = useState<string | null>(null)
  useWanted(wanted, tree, load)
  const move = (by: 1 | -1) => {
    const at = steps.findIndex(({ step }) => step.message.id === current)
    const next = steps[at < 0 ? (by === 1 ? 0 : steps.length - 1) : at + by]
    if (next) focusMessage(list.current, next.step.message.id)
    else announce(by === 1 ? (load.hasMore ? 'More is on its way.' : 'This is the last message.') : 'This is the first message.')
  }
  const onChoose = useCallback(
    ({ parent, message }: Step, id: string) => {
      choose(parent, id)
      announce(`Another branch, in place of ${message.role}.`)
      requestAnimationFrame(() => focusMessage(list.current, id))
    },
    [choose],
  )
  if (messages.length === 0) return <p className={styles.note}>No message of this conversation is in the record.</p>
  return (
    <>
      <Controls outlined={outlined} onMove={move} onOutlined={setOutlined}>
        {loadedWords(messages.length, conversation.messages)}{' '}
        {outlined ? 'All branches.' : `${written(steps.length, 'count')} on this branch.`}
      </Controls>
      <ol ref={list} className={own.talk} data-outlined={outlined} aria-label="Messages">
        {steps.map(({ step, level }) => (
          <li key={step.message.id} data-level={Math.min(level, 8)}>
            <Message step={step} {...(outlined ? {} : { onChoose })} onCurrent={setCurrent} />
          </li>
        ))}
      </ol>
      <Rest load={load} left={conversation.messages - messages.length} />
    </>
  )
}

interface ControlsProps {
  readonly outlined: boolean
  readonly children: ReactNode
  onMove(by: 1 | -1): void
  onOutlined(outlined: boolean): void
}

function Controls({ outlined, children, onMove, onOutlined }: ControlsProps) {
  const look = `${styles.button} ${styles.small}`
  return (
    <div className={own.controls}>
      <p className={styles.buttons}>
        <button type="button" className={look} data-command="previous message" onClick={() => onMove(-1)}>
          Previous <kbd aria-hidden>k</kbd>
        </button>
        <button type="button" className={look} data-command="next message" onClick={() => onMove(1)}>
          Next <kbd aria-hidden>j</kbd>
        </button>
        <button type="button" className={look} data-command="branches" aria-pressed={outlined} onClick={() => onOutlined(!outlined)}>
          {outlined ? 'One branch' : 'All branches'} <kbd aria-hidden>b</kbd>
        </button>
      </p>
      <p className={styles.note} data-testid="loaded">
        {children}
      </p>
    </div>
  )
}

function loadedWords(loaded: number, all: number): string {
  if (loaded >= all) return `${written(all, 'count')} ${all === 1 ? 'message' : 'messages'}.`
  return `${written(loaded, 'count')} of ${written(all, 'count')} messages loaded.`
}

function focusMessage(list: HTMLOListElement | null, id: string): void {
  const found = list?.querySelector<HTMLElement>(`[data-message="${CSS.escape(id)}"]`)
  found?.focus()
  found?.scrollIntoView({ block: 'nearest' })
}

/** What is chosen at the forks. What a reader has before them stays when more arrives, even where a later branch begins above it. */
function useChoices(tree: Tree, wanted: string | null): [Choices, (parent: string | null, id: string) => void] {
  const [choices, setChoices] = useState<Choices>(new Map())
  const [seen, setSeen] = useState<Tree | null>(null)
  const [reached, setReached] = useState(false)
  if (tree !== seen) {
    const kept = seen === null ? choices : new Map(branchOf(seen, choices).map(({ parent, message }) => [parent, message.id]))
    const leads = wanted !== null && !reached && tree.byId.has(wanted)
    setSeen(tree)
    setReached(reached || leads)
    setChoices(leads ? choicesTo(tree, wanted, kept) : kept)
  }
  const choose = useCallback((parent: string | null, id: string) => setChoices((before) => new Map(before).set(parent, id)), [])
  return [choices, choose]
}

/** A link to a message loads on until it is there, and puts the reader before it. */
function useWanted(wanted: string | null, tree: Tree, load: Load): void {
  const done = useRef(false)
  useEffect(() => {
    if (wanted === null || done.current) return
    if (!tree.byId.has(wanted)) {
      if (load.hasMore && !load.busy && load.problem === null) load.next()
      return
    }
    done.current = true
    requestAnimationFrame(() => focusMessage(document.querySelector('ol[data-outlined]'), wanted))
  })
}

/** The end of what is loaded: the next page comes when a reader gets near it. */
function Rest({ load, left }: { load: Load; left: number }) {
  const end = useRef<HTMLDivElement>(null)
  const { hasMore, busy, problem, next } = load
  useEffect(() => {
    const place = end.current
    if (!place || !hasMore || busy || problem !== null) return undefined
    const watcher = new IntersectionObserver(([entry]) => entry?.isIntersecting && next(), { rootMargin: '600px' })
    watcher.observe(place)
    return () => watcher.disconnect()
  })
  if (problem !== null) return <Failed problem={problem} retry={next} />
  if (!hasMore) return <p className={styles.note}>This is the end of the conversation.</p>
  return (
    <div ref={end} className={own.rest}>
      <p className={styles.buttons}>
        <button type="button" className={styles.button} data-command="load all" onClick={load.all}>
          Load the other {written(Math.max(1, left), 'count')} messages <kbd aria-hidden>l</kbd>
        </button>
      </p>
    </div>
  )
}
