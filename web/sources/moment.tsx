import { utcMoment } from '../format.ts'

/** A moment in UTC, with its exact form for machines. */
export function Moment({ at }: { at: string }) {
  const { day, time } = utcMoment(at)
  return (
    <time dateTime={at}>
      {day}, {time} UTC
    </time>
  )
}
