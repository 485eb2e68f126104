import { z } from 'zod'

/** Every quota is for a window of this length, and windows begin with the minutes of the clock. */
export const windowSeconds = 60

const quota = z.int('must be a whole number').min(1, 'must be at least 1').max(10_000_000, 'must be at most 10000000')

/** Requests in a minute. */
const quotas = z.strictObject({
  /** By key and route, on the surfaces that speak a provider's format. */
  provider: quota.default(1200),
  /** By key, of what is brought in. */
  intake: quota.default(6000),
  /** By key or person, of everything else. */
  api: quota.default(1200),
  /** Of all callers together. */
  organization: quota.default(24_000),
})
export type RateLimits = Readonly<z.output<typeof quotas>>

/** `on`, `off`, or the quotas that shall differ, as JSON. */
export const rateLimits = z.string().transform((text, issues): RateLimits | null => {
  if (text === 'off') return null
  if (text === 'on') return quotas.parse({})
  const parsed = quotas.safeParse(json(text))
  if (parsed.success) return parsed.data
  const [first] = parsed.error.issues
  issues.addIssue({
    code: 'custom',
    message: `must be on, off or JSON such as {"provider":100}: ${first?.path.join('.') ? `${first.path.join('.')} ` : ''}${first?.message}`,
  })
  return z.NEVER
})

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
