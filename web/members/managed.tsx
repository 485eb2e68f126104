import { Approvals } from './approvals.tsx'
import { BreakGlass } from './break-glass.tsx'
import { Explain } from './explain.tsx'
import { Invitations } from './invitations.tsx'

/** What only those see who manage people. */
export function Managed() {
  return (
    <>
      <Invitations />
      <Approvals />
      <BreakGlass />
      <Explain />
    </>
  )
}
