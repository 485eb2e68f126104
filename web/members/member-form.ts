import type { MemberView } from '../../contract/admin.ts'

/** What every form about one member is given. */
export interface MemberFormProps {
  readonly member: MemberView
  onDone(): void
  onCancel(): void
}
