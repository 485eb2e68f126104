import { InvalidArgumentError } from 'commander'

const days: Record<string, number> = { h: 1 / 24, d: 1, w: 7, y: 365 }

/** `90d`, `12h`, `2w` or `1y`, in days. */
export function durationInDays(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,6}(?:\.\d+)?)([hdwy])$/.exec(text) ?? []
  const length = Number(number) * (days[unit] ?? 0)
  if (length > 0) return length
  throw new InvalidArgumentError('It must be a number with h, d, w or y behind it, such as 90d.')
}
