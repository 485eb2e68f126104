import type { Erasure } from '../../contract/record.ts'
import own from './record.module.css'
import { momentWords } from './words.ts'

/** The gap that an erasure leaves. */
export function ErasedWords({ erased }: { erased: Erasure | null }) {
  return (
    <p className={own.gap}>
      Erased from the record
      {erased?.at != null && (
        <>
          {' '}
          on <time dateTime={erased.at}>{momentWords(erased.at)}</time>
        </>
      )}
      . That something was here, and what may be counted of it, stays.
      {erased?.receipt != null && (
        <>
          {' '}
          <a href={`/api/receipts/${encodeURIComponent(erased.receipt)}`} target="_blank" rel="noreferrer">
            Its receipt
          </a>
        </>
      )}
    </p>
  )
}
