import type { SettingView } from '../../contract/admin.ts'
import styles from '../admin/admin.module.css'
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
      <th scope="row" className={tables.place}>
        {label}
        <span className={tables.small}>{meaning}</span>
      </th>
      <td className={tables.place}>
        <strong>{valueWords(value)}</strong>
      </td>
      <td>{usual === null ? 'none' : valueWords(usual)}</td>
      <td>
        {changed_at === null ? (
          'never, or before this was kept'
        ) : (
          <>
            <Moment at={changed_at} />
            <span className={tables.small}>by {changed_by?.name}</span>
          </>
        )}
      </td>
      <td className={tables.place}>
        {changeable ? (
          <button type="button" className={`${styles.button} ${styles.small}`} onClick={onChange}>
            Change
            <span className="unseen">
              {' '}
              {label} of {of}
            </span>
          </button>
        ) : (
          <span className={tables.small}>{why_not}</span>
        )}
      </td>
    </tr>
  )
}
