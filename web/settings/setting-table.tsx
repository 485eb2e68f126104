import { Link } from '@tanstack/react-router'
import type { SettingView } from '../../contract/admin.ts'
import styles from '../admin/admin.module.css'
import { holds } from '../admin/words.ts'
import { Moment } from '../sources/moment.tsx'
import { ScrollBox } from '../sources/scroll-box.tsx'
import tables from '../sources/sources.module.css'
import { valueWords } from './setting-words.ts'

interface SettingTableProps {
  readonly name: string
  readonly settings: readonly SettingView[]
  onChange(setting: SettingView): void
}

export function SettingTable({ name, settings, onChange }: SettingTableProps) {
  return (
    <ScrollBox name={`Settings of ${name}`}>
      <table className={tables.table}>
        <caption className="unseen">Settings of {name}</caption>
        <thead>
          <tr>
            {['Setting', 'Value', 'Default', 'Changed last', 'Change'].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {settings.map((setting) => (
            <Row key={setting.name} of={name} setting={setting} onChange={() => onChange(setting)} />
          ))}
        </tbody>
      </table>
    </ScrollBox>
  )
}

function Row({ of, setting, onChange }: { of: string; setting: SettingView; onChange(): void }) {
  const { label, meaning, value, default: usual, changed_at, changed_by, changeable, why_not } = setting
  return (
    <tr>
      <th scope="row" className={styles.wrap}>
        {label}
        <span className={tables.small}>{meaning}</span>
      </th>
      <td className={styles.wrap}>
        <strong>{valueWords(value)}</strong>
      </td>
      <td className={styles.wrap}>{usual === null ? 'none' : valueWords(usual)}</td>
      <td>
        {changed_at === null ? (
          'no change known'
        ) : (
          <>
            <Moment at={changed_at} />
            <span className={tables.small}>by {changed_by?.name}</span>
          </>
        )}
      </td>
      <td className={styles.wrap}>
        {changeable ? (
          <button type="button" className={`${styles.button} ${styles.small}`} onClick={onChange}>
            Change
            <span className="unseen">
              {' '}
              {label} of {of}
            </span>
          </button>
        ) : (
          <span className={tables.small}>{onKeysPage.includes(setting.name) ? <OnKeysPage /> : why_not}</span>
        )}
      </td>
    </tr>
  )
}

const onKeysPage = ['compliance_api', 'analytics_api']

function OnKeysPage() {
  if (!holds('keys:manage')) return 'the primary owner switches it'
  return (
    <>
      the primary owner switches it on the page <Link to="/keys">Keys</Link>
    </>
  )
}
