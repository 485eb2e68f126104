import type { Command } from './commands.ts'

/** What a key press came to: a command, or the beginning of one. */
export interface Pressed {
  readonly command: Command | null
  readonly pending: string
}

export interface Press {
  readonly key: string
  readonly mod: boolean
  readonly alt: boolean
  /** In a field, or inside something that lies over the page. */
  readonly elsewhere: boolean
}

/**
 * One key press after those that are pending. Single letters never act in a field, and not at all when they are switched off; with
 * Ctrl or ⌘ only the palette listens.
 */
export function press(commands: readonly Command[], pending: string, { key, mod, alt, elsewhere }: Press, letters: boolean): Pressed {
  if (mod || alt) {
    const command = mod && !alt ? commands.find(({ keys }) => keys === `mod+${key.toLowerCase()}`) : undefined
    return { command: command ?? null, pending: '' }
  }
  if (elsewhere || (!letters && key !== 'Escape')) return { command: null, pending: '' }
  return pending === '' ? begin(commands, key) : go(commands, pending, key)
}

function begin(commands: readonly Command[], key: string): Pressed {
  const command = commands.find(({ keys }) => keys === key) ?? null
  const begins = commands.some(({ keys }) => keys.startsWith(`${key} `))
  return { command, pending: command === null && begins ? key : '' }
}

function go(commands: readonly Command[], pending: string, key: string): Pressed {
  const command = commands.find(({ keys }) => keys === `${pending} ${key}`)
  return command ? { command, pending: '' } : begin(commands, key)
}
