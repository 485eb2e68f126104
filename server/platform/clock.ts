import { Temporal } from 'temporal-polyfill'

/** The one place where the time of day enters. Tests pass a clock of their own. */
export interface Clock {
  now(): Temporal.Instant
}

export const systemClock: Clock = {
  now: () => Temporal.Now.instant(),
}

/** A clock that stands still until it is moved. */
export function stoppedClock(at: string): Clock & { move(duration: Temporal.DurationLike): void } {
  let instant = Temporal.Instant.from(at)
  return {
    now: () => instant,
    move(duration) {
      instant = instant.add(duration)
    },
  }
}
