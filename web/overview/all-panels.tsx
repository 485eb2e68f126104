import { ActivesPanel } from './actives-panel.tsx'
import { GroupsPanel } from './groups-panel.tsx'
import { HoursPanel } from './hours-panel.tsx'
import { ModelsPanel } from './models-panel.tsx'
import { coding, depth, reach, tokens } from './panels.ts'
import { SharesPanel } from './shares-panel.tsx'
import { TilesPanel } from './tiles-panel.tsx'
import { ToolsPanel } from './tools-panel.tsx'

/** Everything below the stats: its code comes after theirs, so that the first numbers do not wait for it. */
export function AllPanels() {
  return (
    <>
      <ActivesPanel />
      <SharesPanel />
      <ModelsPanel />
      <TilesPanel spec={reach} wide={4} />
      <TilesPanel spec={depth} wide={4} />
      <GroupsPanel />
      <ToolsPanel />
      <TilesPanel spec={coding} wide={5} />
      <HoursPanel />
      <TilesPanel spec={tokens} wide={12} />
    </>
  )
}
