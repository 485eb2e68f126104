import { type ReactNode, useState } from 'react'
import type { MemberView } from '../../contract/admin.ts'
import styles from '../admin/admin.module.css'
import { Dialog } from '../admin/dialog.tsx'
import { reachName, roleNames } from '../admin/words.ts'
import { written } from '../format.ts'
import { page } from '../page.ts'
import { AskForRole, GrantAlone } from './grant-forms.tsx'
import type { MemberFormProps } from './member-form.ts'
import { ChangeRoles, Deactivate, HandOver, Reactivate, Remove, SignOutEverywhere } from './member-forms.tsx'
import { recordRoleOptions } from './role-fields.tsx'
import { amSoleOwner, isMe } from './use-members.ts'

interface MemberDialogProps {
  readonly member: MemberView
  readonly everybody: readonly MemberView[]
  onClose(): void
}

interface Act {
  readonly name: string
  readonly form: (props: MemberFormProps) => ReactNode
}

/** One member: what they are, and everything that can be done about it. */
export function MemberDialog({ member, everybody, onClose }: MemberDialogProps) {
  const [chosen, setChosen] = useState<Act | null>(null)
  const acts = actsFor(member, everybody)
  return (
    <Dialog title={chosen === null ? member.email : `${chosen.name}: ${member.email}`} onClose={onClose}>
      {chosen !== null ? (
        <chosen.form member={member} onDone={onClose} onCancel={() => setChosen(null)} />
      ) : (
        <div className={styles.form}>
          <dl className={styles.facts}>
            <dt>Roles</dt>
            <dd>
              {roleNames(member.roles)}
              {member.primary_owner && ' (the primary owner)'}
            </dd>
            <dt>For</dt>
            <dd>{reachName(member.workspace_id)}</dd>
            <dt>State</dt>
            <dd>{member.state}</dd>
            <dt>Live keys</dt>
            <dd>{written(member.live_keys, 'count')}</dd>
          </dl>
          {acts.length === 0 && <p>Nobody changes their own roles or leaves by themselves: another owner or admin does it.</p>}
          <p className={styles.buttons}>
            {acts.map((act) => (
              <button key={act.name} type="button" className={styles.button} onClick={() => setChosen(act)}>
                {act.name} …
              </button>
            ))}
          </p>
        </div>
      )}
    </Dialog>
  )
}

function actsFor(member: MemberView, everybody: readonly MemberView[]): Act[] {
  if (isMe(member)) return []
  const active = member.state === 'active'
  const amPrimary = everybody.some((one) => one.primary_owner && isMe(one))
  const isOwner = page.person.roles.includes('owner')
  const offers: readonly (Act & { readonly when: boolean })[] = [
    { name: 'Change roles', form: ChangeRoles, when: active },
    { name: 'Ask for a role of the record', form: AskForRole, when: active && recordRoleOptions(member.roles).length > 0 },
    { name: 'Give a role of the record alone', form: GrantAlone, when: active && isOwner && amSoleOwner(everybody) },
    {
      name: 'Make primary owner',
      form: HandOver,
      when: active && amPrimary && member.roles.includes('owner') && member.workspace_id === null,
    },
    { name: 'Sign out everywhere', form: SignOutEverywhere, when: active },
    { name: 'Deactivate', form: Deactivate, when: active && !member.primary_owner },
    { name: 'Reactivate', form: Reactivate, when: !active },
    { name: 'Remove', form: Remove, when: !member.primary_owner },
  ]
  return offers.filter(({ when }) => when)
}
