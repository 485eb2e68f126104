import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { announce } from '../announce.tsx'
import type { Command } from './commands.ts'
import type { Held } from './hands.tsx'
import { press } from './keys.ts'

const letterSetting = 'daybook-single-keys'
/** After this long a first key is forgotten. */
const patience = 2000

/** Whether single letters act. Kept in this browser: it is about the reader's hands, not about what a link shows. */
export function useLetters(): [boolean, (on: boolean) => void] {
  const [on, setOn] = useState(() => localStorage.getItem(letterSetting) !== 'off')
  return [
    on,
    (next) => {
      localStorage.setItem(letterSetting, next ? 'on' : 'off')
      setOn(next)
    },
  ]
}

export function useKeyboard(commands: readonly Command[], hands: Held, letters: boolean): void {
  const pending = useRef('')
  const listen = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || event.repeat) return
    const { command, pending: next } = press(commands, pending.current, pressOf(event), letters)
    pending.current = next
    if (next !== '') setTimeout(() => (pending.current = pending.current === next ? '' : pending.current), patience)
    if (!command) return
    event.preventDefault()
    command.run(hands)
    if (command.group !== 'Page') announce(command.title)
  })
  useEffect(() => {
    // Before anything that lies over the page closes itself on Esc: here it still counts as open.
    window.addEventListener('keydown', listen, { capture: true })
    return () => window.removeEventListener('keydown', listen, { capture: true })
  }, [])
}

function pressOf(event: KeyboardEvent) {
  const target = event.target instanceof Element ? event.target : null
  const inField = target?.closest('input:not([type="checkbox"]), select, textarea, [contenteditable="true"]') != null
  const covered = document.querySelector('[role="dialog"], [role="menu"]') !== null
  return { key: event.key, mod: event.ctrlKey || event.metaKey, alt: event.altKey, elsewhere: inField || covered }
}
