import { Modal } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useLayoutEffect, useState } from 'react'
import { announce } from '../announce.tsx'
import type { Problem } from '../ask/problem.ts'
import styles from './admin.module.css'
import { asProblem, ProblemContext, ProblemWords } from './problem-words.tsx'

export interface DialogProps {
  readonly title: string
  readonly children: ReactNode
  /** It closes by its own button alone, because what it shows does not come back. */
  readonly once?: boolean
  onClose(): void
}

/** What lies over the page; when it is gone, the focus is where it was. */
export function Dialog({ title, children, once = false, onClose }: DialogProps) {
  useReturnedFocus()
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size="lg"
      closeOnClickOutside={!once}
      closeOnEscape={!once}
      closeButtonProps={{ 'aria-label': 'Close' }}
      returnFocus={false}
    >
      {children}
    </Modal>
  )
}

/** What opened the first of several dialogs that follow each other. */
let opener: Element | null = null

/** Back to the button that opened it or, where that is gone, to the heading of the page. */
function useReturnedFocus(): void {
  useLayoutEffect(() => {
    const focused = document.activeElement
    if (focused !== document.body && focused?.closest('[role="dialog"]') === null) opener = focused
    return () => {
      setTimeout(() => {
        if (document.querySelector('[role="dialog"]') !== null) return
        if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
        else document.querySelector('h1')?.focus()
      })
    }
  }, [])
}

export interface FormProps {
  /** What the button says: a verb. */
  readonly act: string
  readonly dangerous?: boolean
  readonly children?: ReactNode
  /** What a screen reader says when it is done; null: nothing, as something else is shown. */
  readonly done: string | null
  onAct(fields: FormData): Promise<unknown>
  /** After it was done. */
  onDone?(): void
  onCancel?(): void
}

/** Fields and the one button that sends them. What is refused is said at the field at fault, else above the button. */
export function Form({ act, dangerous = false, children, done, onAct, onDone, onCancel }: FormProps) {
  const queries = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [placed, setPlaced] = useState(false)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (busy) return
    const form = event.currentTarget
    setBusy(true)
    setProblem(null)
    try {
      await onAct(new FormData(form))
      if (done !== null) announce(done)
      onDone?.()
      void queries.invalidateQueries({ predicate: ({ meta }) => meta?.onlyWhenAsked !== true })
    } catch (error) {
      const refused = asProblem(error)
      setProblem(refused)
      setPlaced(focusField(form, refused.param))
    } finally {
      setBusy(false)
    }
  }
  return (
    <ProblemContext value={problem}>
      <form className={styles.form} onSubmit={(event) => void submit(event)} aria-busy={busy}>
        {children}
        {problem !== null && !placed && <ProblemWords problem={problem} />}
        <p className={styles.buttons}>
          <button type="submit" className={dangerous ? styles.danger : styles.main} aria-disabled={busy}>
            {busy ? 'One moment …' : act}
          </button>
          {onCancel && (
            <button type="button" className={styles.button} onClick={onCancel}>
              Cancel
            </button>
          )}
        </p>
      </form>
    </ProblemContext>
  )
}

/** Whether there is a field of that name; it gets the focus. */
function focusField(form: HTMLFormElement, param: string | null): boolean {
  const name = param?.split('.')[0]
  const found = name === undefined ? null : form.querySelector<HTMLElement>(`[name="${CSS.escape(name)}"]`)
  found?.focus()
  return found !== null
}

/** A dialog that is a form: what will happen, and the button that lets it. */
export function FormDialog({ title, onClose, ...form }: Omit<FormProps, 'onDone' | 'onCancel'> & { title: string; onClose(): void }) {
  return (
    <Dialog title={title} onClose={onClose}>
      <Form {...form} onDone={onClose} onCancel={onClose} />
    </Dialog>
  )
}
