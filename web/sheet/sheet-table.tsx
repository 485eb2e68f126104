import styles from './sheet.module.css'
import { type Column, cellText, isNumeric, type Sheet } from './sheet.ts'

export interface SheetTableProps {
  readonly caption: string
  readonly sheet: Sheet
}

/** The table view of a panel. It scrolls inside its own box; the first column stays. */
export function SheetTable({ caption, sheet: { columns, rows } }: SheetTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard
    <section className={styles.box} tabIndex={0} aria-label={`${caption} As a table`}>
      <table className={styles.table}>
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ key, name, kind }) => (
              <th key={key} scope="col" data-number={isNumeric(kind)}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the rows of a sheet have no other identity than their place
            <tr key={place}>
              {columns.map((column, at) => (
                <Cell key={column.key} column={column} heads={at === 0} text={cellText(row[column.key], column.kind)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p className={styles.none}>There are no rows.</p>}
    </section>
  )
}

function Cell({ column, heads, text }: { column: Column; heads: boolean; text: string }) {
  if (heads) return <th scope="row">{text}</th>
  return <td data-number={isNumeric(column.kind)}>{text}</td>
}
