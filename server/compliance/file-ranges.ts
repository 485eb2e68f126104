import type { Span } from '../platform/blobs.ts'

/**
 * The one span of bytes that a Range header asks for (RFC 9110, 14.2). `whole`: there is no such header, or one that may be ignored, as
 * several spans may. `none`: the file has no byte of it.
 */
export function spanOf(header: string | undefined, size: number): Span | 'whole' | 'none' {
  const [, from = '', to = ''] = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(header ?? '') ?? []
  if (from === '' && to === '') return 'whole'
  if (from === '') return Number(to) === 0 || size === 0 ? 'none' : { first: Math.max(0, size - Number(to)), last: size - 1 }
  if (to !== '' && Number(to) < Number(from)) return 'whole'
  return Number(from) >= size ? 'none' : { first: Number(from), last: to === '' ? size - 1 : Math.min(Number(to), size - 1) }
}
