import type { AccessEntry } from '../../contract/access.ts'
import styles from '../admin/admin.module.css'
import { reachName } from '../admin/words.ts'
import { written } from '../format.ts'
import { ScrollBox } from '../sources/scroll-box.tsx'
import tables from '../sources/sources.module.css'

/** Who did what, when, where, from where and with which parameters. */
export function EntryTable({ entries }: { entries: readonly AccessEntry[] }) {
  return (
    <ScrollBox name="Entries">
      <table className={tables.table}>
        <caption className="unseen">Entries of the access record, newest first</caption>
        <thead>
          <tr>
            {['When (UTC)', 'Who', 'Did', 'What', 'Where'].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <th scope="col" data-number="true">
              Items
            </th>
            <th scope="col">With</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <Row key={entry.seq} {...entry} />
          ))}
        </tbody>
      </table>
    </ScrollBox>
  )
}

function Row({ seq, kind, occurred_at, action, outcome, reason, actor, workspace_id, address, query, count }: AccessEntry) {
  return (
    <tr data-seq={seq}>
      <th scope="row">
        <time dateTime={occurred_at}>{occurred_at.slice(0, 19).replace('T', ' ')}</time>
      </th>
      <td>
        <Who {...actor} />
        <span className={tables.small}>from {address ?? 'this machine'}</span>
      </td>
      <td className={styles.wrap}>
        <span className={styles.mark} data-tone={outcome === 'denied' ? 'bad' : undefined}>
          {outcome === 'denied' ? 'denied' : kind === 'change' ? 'changed' : 'read'}
        </span>
        {reason !== null && <span className={tables.small}>{reason}</span>}
      </td>
      <td>
        <code>{action}</code>
      </td>
      <td>{workspace_id === null ? 'organization' : reachName(workspace_id)}</td>
      <td data-number="true">{written(count, 'count')}</td>
      <td className={tables.place}>
        <Parameters query={query} />
      </td>
    </tr>
  )
}

const actorWords: Record<string, string> = { key: 'API key', person: 'signed in', operator: 'operator' }

/** Who tried to sign in without being anybody is kept under this id. */
const unknownPerson = 'unknown'

function Who({ kind, id, name }: AccessEntry['actor']) {
  if (id === unknownPerson) return 'nobody known'
  return (
    <>
      {name}
      <span className={tables.small}>{actorWords[kind] ?? kind}</span>
    </>
  )
}

/** The parameters that say something; what is null was not given. */
function Parameters({ query }: Pick<AccessEntry, 'query'>) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== '')
  return given.map(([name, value]) => (
    <div key={name}>
      <code>
        {name}={Array.isArray(value) ? value.join(', ') : String(value)}
      </code>
    </div>
  ))
}
