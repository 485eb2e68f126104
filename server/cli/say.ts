/** Words for people: standard error, so that standard output is only ever what was asked for. */
export function say(...lines: readonly string[]): void {
  if (lines.length > 0) process.stderr.write(`${lines.join('\n')}\n`)
}

export function sayJson(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document)}\n`)
}

/** The one thing a command was called for, bare, where a script reads it: `url=$(daybook person link …)`. */
export function sayBare(value: string): void {
  if (!process.stdout.isTTY) process.stdout.write(`${value}\n`)
}

/** Rows under their names, in columns as wide as they need to be. */
export function table(names: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [names, ...rows]
  const widths = names.map((_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0)))
  return all.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`
}

/** To the second, as people read a time in a table. */
export function shortTime(instant: string | null): string {
  return instant === null ? '-' : instant.slice(0, 19).replace('T', ' ')
}
