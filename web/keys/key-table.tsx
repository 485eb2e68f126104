import { IconFlag } from '@tabler/icons-react'
import type { KeyView } from '../../contract/admin.ts'
import styles from '../admin/admin.module.css'
import { reachName, timeLeft, useNow } from '../admin/words.ts'
import { Moment } from '../sources/moment.tsx'
import { ScrollBox } from '../sources/scroll-box.tsx'
import tables from '../sources/sources.module.css'

interface KeyTableProps {
  readonly list: readonly KeyView[]
  onRotate(subject: KeyView): void
  onRevoke(subject: KeyView): void
}

const columns = ['Name', 'May', 'For', 'Made', 'Ends', 'Last used', 'State', 'Change']

export function KeyTable({ list, onRotate, onRevoke }: KeyTableProps) {
  if (list.length === 0)
    return <p>No key lets a program in. The first one is made with the button above; with it a connector can send records, or read.</p>
  return (
    <ScrollBox name="Keys">
      <table className={tables.table}>
        <caption className="unseen">API keys, the newest first</caption>
        <thead>
          <tr>
            {columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {list.map((one) => (
            <Row key={one.id} {...one} onRotate={() => onRotate(one)} onRevoke={() => onRevoke(one)} />
          ))}
        </tbody>
      </table>
    </ScrollBox>
  )
}

function Row(one: KeyView & { onRotate(): void; onRevoke(): void }) {
  const { name, kind, last_four, scopes, workspace_id, networks, maker, state, created_at, expires_at } = one
  return (
    <tr>
      <th scope="row" className={styles.wrap}>
        {name}
        <span className={tables.small}>
          <code>
            dbk_{kind}…{last_four}
          </code>
        </span>
      </th>
      <td>
        {scopes.map((scope) => (
          <div key={scope}>
            <code>{scope}</code>
          </div>
        ))}
      </td>
      <td className={styles.wrap}>
        {reachName(workspace_id)}
        <span className={tables.small}>from {networks.length === 0 ? 'anywhere' : networks.join(', ')}</span>
      </td>
      <td className={styles.wrap}>
        <Moment at={created_at} />
        <span className={tables.small}>{maker === null ? 'by whom was not kept then' : `by ${maker.name}`}</span>
      </td>
      <td className={styles.wrap}>{expires_at === null ? 'never' : <Ends at={expires_at} live={state === 'live'} />}</td>
      <LastUse {...one} />
      <State {...one} />
      <td>
        {state === 'live' && (
          <span className={styles.buttons}>
            <button type="button" className={`${styles.button} ${styles.small}`} onClick={one.onRotate}>
              Rotate
              <span className="unseen">
                {' '}
                {name}, …{last_four}
              </span>
            </button>
            <button type="button" className={`${styles.button} ${styles.small}`} onClick={one.onRevoke}>
              Revoke
              <span className="unseen">
                {' '}
                {name}, …{last_four}
              </span>
            </button>
          </span>
        )}
      </td>
    </tr>
  )
}

function Ends({ at, live }: { at: string; live: boolean }) {
  const left = timeLeft(at, useNow())
  return (
    <>
      <Moment at={at} />
      {live && left !== null && <span className={tables.small}>in {left}</span>}
    </>
  )
}

function LastUse({ last_used_at, last_used_address, last_used_route }: KeyView) {
  if (last_used_at === null) return <td>never</td>
  return (
    <td className={styles.wrap}>
      <Moment at={last_used_at} />
      {last_used_address !== null && <span className={tables.small}>from {last_used_address}</span>}
      {last_used_route !== null && (
        <span className={tables.small}>
          <code>{last_used_route}</code>
        </span>
      )}
    </td>
  )
}

function State({ state, flagged_at, revoked_at }: KeyView) {
  return (
    <td>
      <span className={styles.mark} data-tone={state === 'live' ? 'good' : undefined}>
        {state}
      </span>
      {revoked_at !== null && (
        <span className={tables.small}>
          <Moment at={revoked_at} />
        </span>
      )}
      {state === 'live' && flagged_at !== null && (
        <span className={styles.mark} data-tone="warn" title="Its maker has left, or may less now than it can.">
          <IconFlag aria-hidden size={16} /> flagged
        </span>
      )}
    </td>
  )
}
