import { sessionsEnded } from '../../contract/account.ts'
import { deactivated, done, memberDone } from '../../contract/admin.ts'
import { isRecordRole } from '../../contract/people.ts'
import { Form } from '../admin/dialog.tsx'
import { Checks, textOf, ticked, WorkspaceField, workspaceIn } from '../admin/fields.tsx'
import { send } from '../admin/send.ts'
import { roleNames } from '../admin/words.ts'
import { written } from '../format.ts'
import type { MemberFormProps } from './member-form.ts'
import { RoleFields } from './role-fields.tsx'

export function ChangeRoles({ member, ...rest }: MemberFormProps) {
  return (
    <Form
      {...rest}
      act="Change roles"
      done={`The roles of ${member.email} are changed.`}
      onAct={(fields) =>
        send('PUT', `/api/members/${member.id}/roles`, memberDone, { roles: ticked(fields, 'roles'), workspace_id: workspaceIn(fields) })
      }
    >
      <p>It holds from their next request on. Keys they made that can do more than they then may are flagged, with a finding each.</p>
      <RoleFields held={member.roles} />
      <WorkspaceField label="For" defaultValue={member.workspace_id} />
    </Form>
  )
}

export function Deactivate({ member, ...rest }: MemberFormProps) {
  return (
    <Form
      {...rest}
      act={`Deactivate ${member.email}`}
      dangerous
      done={`${member.email} is deactivated.`}
      onAct={(fields) => send('POST', `/api/members/${member.id}/deactivate`, deactivated, { keys: textOf(fields, 'keys') })}
    >
      <WhatEnds keys={member.live_keys} />
      <p>What they did stays, and no count changes. They can be let in again.</p>
      <FateOfKeys keys={member.live_keys} />
    </Form>
  )
}

export function Remove({ member, ...rest }: MemberFormProps) {
  return (
    <Form
      {...rest}
      act={`Remove ${member.email}`}
      dangerous
      done={`${member.email} is removed.`}
      onAct={(fields) => send('DELETE', `/api/members/${member.id}`, deactivated, { keys: textOf(fields, 'keys') })}
    >
      <WhatEnds keys={member.live_keys} />
      <p>Every way they had of coming in is forgotten: password, passkeys, recovery codes. This cannot be undone. What they did stays.</p>
      <FateOfKeys keys={member.live_keys} />
    </Form>
  )
}

function WhatEnds({ keys }: { keys: number }) {
  return (
    <p>
      All their sessions end at once, on every node, and their unused links are dead. They made{' '}
      {keys === 0 ? 'no key that still works' : `${written(keys, 'count')} ${keys === 1 ? 'key' : 'keys'} that still work`}.
    </p>
  )
}

function FateOfKeys({ keys }: { keys: number }) {
  if (keys === 0) return <input type="hidden" name="keys" value="flag" />
  return (
    <Checks
      name="keys"
      kind="radio"
      legend="What becomes of those keys?"
      chosen={['flag']}
      options={[
        { value: 'flag', name: 'They work on, flagged', meaning: 'A finding each waits until somebody has looked at it.' },
        { value: 'revoke', name: 'They are revoked', meaning: 'At once, on every node: what uses them stops.' },
      ]}
    />
  )
}

export function Reactivate({ member, ...rest }: MemberFormProps) {
  const lost = member.roles.filter(isRecordRole)
  return (
    <Form
      {...rest}
      act={`Let ${member.email} in again`}
      done={`${member.email} is active again.`}
      onAct={() => send('POST', `/api/members/${member.id}/reactivate`, memberDone)}
    >
      <p>
        They can sign in again, and flags on keys they made are taken off.{' '}
        {lost.length > 0 ? `They do not get back: ${roleNames(lost)}. That takes a second person again.` : 'They have the roles they had.'}
      </p>
    </Form>
  )
}

export function HandOver({ member, ...rest }: MemberFormProps) {
  return (
    <Form
      {...rest}
      act={`Make ${member.email} the primary owner`}
      dangerous
      done={`${member.email} is the primary owner.`}
      onAct={() => send('POST', `/api/members/${member.id}/primary-owner`, done)}
    >
      <p>
        They alone then switch the compliance and analytics APIs and change the primary owner's address. You stay an owner, and cannot take
        it back yourself.
      </p>
    </Form>
  )
}

export function SignOutEverywhere({ member, ...rest }: MemberFormProps) {
  return (
    <Form
      {...rest}
      act={`Sign ${member.email} out everywhere`}
      dangerous
      done={`${member.email} is signed out everywhere.`}
      onAct={() => send('DELETE', `/api/members/${member.id}/sessions`, sessionsEnded)}
    >
      <p>All their sessions end at once. They stay a member and can sign in again.</p>
    </Form>
  )
}
