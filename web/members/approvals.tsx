import { useState } from 'react'
import { type ApprovalView, approvalAsked, approvalList, done } from '../../contract/admin.ts'
import styles from '../admin/admin.module.css'
import { FormDialog } from '../admin/dialog.tsx'
import { SelectField, textOf, WordsField } from '../admin/fields.tsx'
import { usePageQuery } from '../admin/page-query.ts'
import { send } from '../admin/send.ts'
import { reachName, roleName, rolesHolding, timeLeft, useNow } from '../admin/words.ts'
import { useReply } from '../ask/use-answer.ts'
import { page } from '../page.ts'
import { Moment } from '../sources/moment.tsx'
import { Answered, Part, stateOf } from '../sources/part.tsx'
import { recordRoleOptions } from './role-fields.tsx'
import { isMe, useMembers } from './use-members.ts'

type Opened = { readonly act: 'ask' } | { readonly act: 'approve' | 'deny' | 'withdraw'; readonly approval: ApprovalView }

const parameters = ['approvals'] as const

/** What takes a second person: asked, agreed to, denied. */
export function Approvals() {
  const [{ approvals }, change] = usePageQuery(parameters)
  const all = approvals === 'all'
  const answer = useReply(`/api/approvals${all ? '' : '?state=open'}`, approvalList)
  const [opened, setOpened] = useState<Opened | null>(null)
  const close = () => setOpened(null)
  return (
    <Part
      id="approvals"
      title="What waits for a second person?"
      sentence="A role of the record is given by two people: one asks and says what for, another owner agrees within an hour. Neither is the one who gains."
      waiting={answer.waiting}
      state={stateOf(answer)}
    >
      <p className={styles.buttons}>
        <button type="button" className={styles.main} data-command="ask" onClick={() => setOpened({ act: 'ask' })}>
          Ask for a role of the record <kbd aria-hidden>a</kbd>
        </button>
        <button type="button" className={styles.button} onClick={() => change({ approvals: all ? '' : 'all' })}>
          {all ? 'Show open ones only' : 'Show past ones, too'}
        </button>
      </p>
      <Answered answer={answer} seenBy={rolesHolding('people:manage')}>
        {({ data }) =>
          data.length === 0 ? (
            <p>Nothing waits for a second person.</p>
          ) : (
            <ul className={styles.cards}>
              {data.map((approval) => (
                <Approval key={approval.id} {...approval} onAct={(act) => setOpened({ act, approval })} />
              ))}
            </ul>
          )
        }
      </Answered>
      {opened?.act === 'ask' && <Ask onClose={close} />}
      {opened?.act === 'approve' && <Approve approval={opened.approval} onClose={close} />}
      {opened?.act === 'deny' && <Deny approval={opened.approval} onClose={close} />}
      {opened?.act === 'withdraw' && <Withdraw approval={opened.approval} onClose={close} />}
    </Part>
  )
}

const nobody = 'somebody who is not a member any more'

function Approval(approval: ApprovalView & { onAct(act: 'approve' | 'deny' | 'withdraw'): void }) {
  const { role, beneficiary, requester, workspace_id, purpose, state, requested_at, expires_at, decided_by, decided_at, note } = approval
  const left = timeLeft(expires_at, useNow())
  const open = state === 'open' && left !== null
  const mine = isMe({ email: requester.email ?? '' })
  const whom = beneficiary?.email ?? nobody
  const tone = open ? 'warn' : state === 'approved' ? 'good' : undefined
  return (
    <li data-tone={open ? 'warn' : undefined}>
      <div>
        <h3>
          {role === null ? 'A role' : roleName(role)} for {whom}
        </h3>
        <p>
          Asked by {requester.email ?? nobody} · {reachName(workspace_id)} · “{purpose}”
        </p>
        <p className={styles.hint}>
          <Moment at={requested_at} />
          {decided_at !== null && (
            <>
              , {state} by {decided_by?.email ?? nobody} <Moment at={decided_at} />
            </>
          )}
          {note !== null && <>: “{note}”</>}
        </p>
      </div>
      <p className={styles.buttons}>
        <span className={styles.mark} data-tone={tone}>
          {open ? `expires in ${left}` : state === 'open' ? 'expired' : state}
        </span>
        {open && approval.may_approve && (
          <>
            <button type="button" className={`${styles.main} ${styles.small}`} onClick={() => approval.onAct('approve')}>
              Agree<span className="unseen"> to the request for {whom}</span>
            </button>
            <button type="button" className={`${styles.button} ${styles.small}`} onClick={() => approval.onAct('deny')}>
              Deny<span className="unseen"> the request for {whom}</span>
            </button>
          </>
        )}
        {open && mine && (
          <button type="button" className={`${styles.button} ${styles.small}`} onClick={() => approval.onAct('withdraw')}>
            Withdraw<span className="unseen"> the request for {whom}</span>
          </button>
        )}
        {open && !approval.may_approve && !mine && <span className={styles.hint}>for another owner to decide</span>}
      </p>
    </li>
  )
}

function Ask({ onClose }: { onClose(): void }) {
  const { reply } = useMembers()
  const others = (reply?.data ?? []).filter((one) => one.state === 'active' && !isMe(one))
  return (
    <FormDialog
      title="Ask for a role of the record"
      act="Ask for it"
      done="Asked. Another owner has an hour to agree."
      onAct={(fields) =>
        send('POST', '/api/approvals', approvalAsked, {
          action: 'role.grant',
          member_id: textOf(fields, 'member_id'),
          role: textOf(fields, 'role'),
          purpose: textOf(fields, 'purpose'),
        })
      }
      onClose={onClose}
    >
      <p>Nothing changes before another owner agrees, within an hour. Nobody asks for themselves: {page.person.name} is not in the list.</p>
      <SelectField name="member_id" label="Who is to have it" options={others.map(({ id, email }) => ({ value: id, name: email }))} />
      <SelectField name="role" label="Role of the record" options={recordRoleOptions([])} />
      <WordsField name="purpose" label="What is it needed for?" hint="Whoever agrees reads it, and it stays on record." />
    </FormDialog>
  )
}

interface DecisionProps {
  readonly approval: ApprovalView
  onClose(): void
}

const whatOf = ({ role, beneficiary }: ApprovalView) => `${role === null ? 'a role' : roleName(role)} for ${beneficiary?.email ?? nobody}`

function Approve({ approval, onClose }: DecisionProps) {
  return (
    <FormDialog
      title={`Agree: ${whatOf(approval)}`}
      act="Agree as the second person"
      done="Agreed: it holds from now on."
      onAct={() => send('POST', `/api/approvals/${approval.id}/approve`, done)}
      onClose={onClose}
    >
      <p>
        {approval.requester.email ?? nobody} asked for it: “{approval.purpose}”. It holds from the next request on: with this role chats of{' '}
        {reachName(approval.workspace_id).toLowerCase()} can be read. That you agreed stays on record.
      </p>
    </FormDialog>
  )
}

function Deny({ approval, onClose }: DecisionProps) {
  return (
    <FormDialog
      title={`Deny: ${whatOf(approval)}`}
      act="Deny it"
      dangerous
      done="Denied."
      onAct={(fields) => send('POST', `/api/approvals/${approval.id}/deny`, done, { note: textOf(fields, 'note') })}
      onClose={onClose}
    >
      <p>Nothing changes. They can ask again.</p>
      <WordsField name="note" label="Why not?" hint="Whoever asked reads it." />
    </FormDialog>
  )
}

function Withdraw({ approval, onClose }: DecisionProps) {
  return (
    <FormDialog
      title={`Withdraw: ${whatOf(approval)}`}
      act="Withdraw the request"
      done="Withdrawn."
      onAct={() => send('POST', `/api/approvals/${approval.id}/withdraw`, done)}
      onClose={onClose}
    >
      <p>Nobody can agree to it any more. That you asked stays on record.</p>
    </FormDialog>
  )
}
