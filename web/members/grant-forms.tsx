import { approvalAsked, soleGranted } from '../../contract/admin.ts'
import { Form } from '../admin/dialog.tsx'
import { SelectField, textOf, WordsField } from '../admin/fields.tsx'
import { send } from '../admin/send.ts'
import type { MemberFormProps } from './member-form.ts'
import { recordRoleOptions } from './role-fields.tsx'

/** A role of the record for somebody: it takes an owner who is neither who asks nor who gains. */
export function AskForRole({ member, ...rest }: MemberFormProps) {
  return (
    <Form
      {...rest}
      act="Ask for it"
      done="Asked. Another owner has an hour to agree."
      onAct={(fields) =>
        send('POST', '/api/approvals', approvalAsked, {
          action: 'role.grant',
          member_id: member.id,
          role: textOf(fields, 'role'),
          purpose: textOf(fields, 'purpose'),
        })
      }
    >
      <p>Nothing changes before another owner agrees, within an hour. Request and answer stay on record.</p>
      <SelectField name="role" label="Role of the record" options={recordRoleOptions(member.roles)} />
      <WordsField name="purpose" label="What is it needed for?" hint="Whoever agrees reads it, and it stays on record." />
    </Form>
  )
}

/** Where nobody else could agree. */
export function GrantAlone({ member, ...rest }: MemberFormProps) {
  return (
    <Form
      {...rest}
      act="Give it alone"
      dangerous
      done="Given. A finding stays open about it."
      onAct={(fields) =>
        send('POST', `/api/members/${member.id}/record-roles`, soleGranted, {
          role: textOf(fields, 'role'),
          reason: textOf(fields, 'reason'),
        })
      }
    >
      <p>
        You are the only owner, so nobody could be the second person. {member.email} can read chats from the next request on, and a finding
        stays open until somebody else has looked at it.
      </p>
      <SelectField name="role" label="Role of the record" options={recordRoleOptions(member.roles)} />
      <WordsField name="reason" label="Why is it needed?" hint="It stays visible as a finding." />
    </Form>
  )
}
