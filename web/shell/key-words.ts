/** Keys as they are printed on them. */
export function keyWords(keys: string): string {
  return keys.replace('mod+k', /mac/i.test(navigator.userAgent) ? '⌘ K' : 'Ctrl K').replace('Escape', 'Esc')
}
