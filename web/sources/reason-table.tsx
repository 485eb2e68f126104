import type { DeadLetterSummary } from '../../contract/sources.ts'
import { written } from '../format.ts'
import { everything } from './letter-view.ts'
import { Moment } from './moment.tsx'
import { ScrollBox } from './scroll-box.tsx'
import styles from './sources.module.css'
import { useLetterView } from './use-letter-view.ts'
import { reasonWords, sourceName, wayName } from './words.ts'

/** How many were refused for which reason; a row narrows the list below to itself. */
export function ReasonTable({ waiting, reasons }: DeadLetterSummary) {
  const { view, show } = useLetterView()
  return (
    <ScrollBox name="Reasons">
      <table className={styles.table}>
        <caption className="unseen">{written(waiting, 'count')} refusals by reason, the most frequent first</caption>
        <thead>
          <tr>
            <th scope="col">Reason</th>
            <th scope="col">Source</th>
            <th scope="col">Came</th>
            <th scope="col" data-number="true">
              Waiting
            </th>
            <th scope="col">Newest</th>
          </tr>
        </thead>
        <tbody>
          {reasons.map(({ code, source, via, waiting, newest_at }) => {
            const here = view.code === code && view.source === source && view.via === via
            return (
              <tr key={`${code} ${source} ${via}`} data-here={here}>
                <th scope="row">
                  <button
                    type="button"
                    className={styles.rowButton}
                    aria-pressed={here}
                    onClick={() => show(here ? everything : { code, source, via, after: 0 })}
                  >
                    {reasonWords(code)}
                  </button>
                  <code className={styles.code}>{code}</code>
                </th>
                <td>{sourceName(source)}</td>
                <td>{wayName(via)}</td>
                <td data-number="true">{written(waiting, 'count')}</td>
                <td>
                  <Moment at={newest_at} />
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </ScrollBox>
  )
}
