import { useState } from 'react'
import { type SettingView, settingsReply } from '../../contract/admin.ts'
import styles from '../admin/admin.module.css'
import { PageHead } from '../admin/page-head.tsx'
import { holds, rolesHolding } from '../admin/words.ts'
import { useReply } from '../ask/use-answer.ts'
import { Answered, Part, stateOf } from '../sources/part.tsx'
import { ChangeSetting } from './change-setting.tsx'
import { SettingTable } from './setting-table.tsx'

/** What is being changed, and where; null: in the organization. */
interface Opened {
  readonly workspace: string | null
  readonly setting: SettingView
}

/** What the organization and its workspaces are set to: meaning, value, default, and who changed it last. */
export function Settings() {
  const answer = useReply('/api/settings', settingsReply)
  const [opened, setOpened] = useState<Opened | null>(null)
  const [saved, setSaved] = useState<string | null>(null)
  const open = (workspace: string | null) => (setting: SettingView) => {
    setSaved(null)
    setOpened({ workspace, setting })
  }
  return (
    <>
      <PageHead title="Settings" lead="What the organization and its workspaces are set to, and who changed it last" />
      {!holds('settings:manage') && (
        <p className={styles.note}>You can read these settings; changing them is for {rolesHolding('settings:manage')}.</p>
      )}
      {saved !== null && (
        <p className={styles.outcome} role="status" data-testid="saved">
          {saved}
        </p>
      )}
      <div className={styles.parts}>
        <Part id="organization" title="Organization" sentence="Holds for every workspace." waiting={answer.waiting} state={stateOf(answer)}>
          <Answered answer={answer} seenBy={rolesHolding('directory:read')}>
            {({ organization }) => <SettingTable name="Organization" settings={organization} onChange={open(null)} />}
          </Answered>
        </Part>
        {answer.reply?.workspaces.map(({ workspace_id, name, settings }) => (
          <Part key={workspace_id} id={workspace_id} title={name} sentence="A workspace: a source and its people.">
            <SettingTable name={name} settings={settings} onChange={open(workspace_id)} />
          </Part>
        ))}
      </div>
      {opened !== null && <ChangeSetting {...opened} onSaved={setSaved} onClose={() => setOpened(null)} />}
    </>
  )
}
