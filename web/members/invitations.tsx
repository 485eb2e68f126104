import { useState } from 'react'
import { type InvitationView, invitationLink, invitationList, done as withdrawn } from '../../contract/admin.ts'
import styles from '../admin/admin.module.css'
import { FormDialog } from '../admin/dialog.tsx'
import { TextField, textOf, ticked, WorkspaceField, workspaceIn } from '../admin/fields.tsx'
import { usePageQuery } from '../admin/page-query.ts'
import { send } from '../admin/send.ts'
import { ShownOnce } from '../admin/shown-once.tsx'
import { reachName, roleNames, rolesHolding, timeLeft, useNow } from '../admin/words.ts'
import { useReply } from '../ask/use-answer.ts'
import { Moment } from '../sources/moment.tsx'
import { Answered, Part, stateOf } from '../sources/part.tsx'
import { ScrollBox } from '../sources/scroll-box.tsx'
import tables from '../sources/sources.module.css'
import { RoleFields } from './role-fields.tsx'

interface Link {
  readonly email: string
  readonly url: string
}

type Opened = { readonly act: 'invite' } | { readonly act: 'resend' | 'withdraw'; readonly invitation: InvitationView }

const parameters = ['invitations'] as const

/** Letting people in by a link of their own, and the links that are still on their way. */
export function Invitations() {
  const [{ invitations }, change] = usePageQuery(parameters)
  const all = invitations === 'all'
  const answer = useReply('/api/invitations', invitationList)
  const [opened, setOpened] = useState<Opened | null>(null)
  const [link, setLink] = useState<Link | null>(null)
  const close = () => setOpened(null)
  return (
    <Part
      id="invitations"
      title="Who is invited?"
      sentence="Whoever opens the link of an invitation and agrees becomes a member. A link is shown once; a new one makes the one before it dead."
      waiting={answer.waiting}
      state={stateOf(answer)}
    >
      <p className={styles.buttons}>
        <button type="button" className={styles.main} data-command="invite" onClick={() => setOpened({ act: 'invite' })}>
          Invite somebody <kbd aria-hidden>i</kbd>
        </button>
        <button type="button" className={styles.button} onClick={() => change({ invitations: all ? '' : 'all' })}>
          {all ? 'Show open ones only' : 'Show past ones, too'}
        </button>
      </p>
      <Answered answer={answer} seenBy={rolesHolding('people:manage')}>
        {({ data }) => (
          <InvitationTable list={data.filter(({ state }) => all || state === 'open' || state === 'expired')} onAct={setOpened} />
        )}
      </Answered>
      {opened?.act === 'invite' && <Invite onLink={setLink} onClose={close} />}
      {opened?.act === 'resend' && <Resend invitation={opened.invitation} onLink={setLink} onClose={close} />}
      {opened?.act === 'withdraw' && <Withdraw invitation={opened.invitation} onClose={close} />}
      {link !== null && (
        <ShownOnce title="The link of the invitation" what="link" text={link.url} onClose={() => setLink(null)}>
          Give it to {link.email} by a way you trust: whoever has it can become that member.
        </ShownOnce>
      )}
    </Part>
  )
}

function InvitationTable({ list, onAct }: { list: readonly InvitationView[]; onAct(opened: Opened): void }) {
  if (list.length === 0) return <p>No invitation is open.</p>
  return (
    <ScrollBox name="Invitations">
      <table className={tables.table}>
        <caption className="unseen">Invitations, the newest first</caption>
        <thead>
          <tr>
            {['E-mail', 'Roles', 'For', 'State', 'Invited by', 'Link made', 'Change'].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {list.map((invitation) => (
            <Row key={invitation.id} invitation={invitation} onAct={onAct} />
          ))}
        </tbody>
      </table>
    </ScrollBox>
  )
}

function Row({ invitation, onAct }: { invitation: InvitationView; onAct(opened: Opened): void }) {
  const { email, roles, workspace_id, state, invited_by, sent_at, expires_at } = invitation
  const moment = useNow()
  return (
    <tr>
      <th scope="row" className={styles.wrap}>
        {email}
      </th>
      <td className={styles.wrap}>{roleNames(roles)}</td>
      <td className={styles.wrap}>{reachName(workspace_id)}</td>
      <td>
        <span className={styles.mark} data-tone={state === 'expired' ? 'warn' : 'good'}>
          {state}
        </span>
        {state === 'open' && <span className={tables.small}>for {timeLeft(expires_at, moment) ?? 'no longer'} yet</span>}
      </td>
      <td>{invited_by.name}</td>
      <td className={styles.wrap}>
        <Moment at={sent_at} />
      </td>
      <td>
        {(state === 'open' || state === 'expired') && (
          <span className={styles.buttons}>
            <button type="button" className={`${styles.button} ${styles.small}`} onClick={() => onAct({ act: 'resend', invitation })}>
              New link<span className="unseen"> for {email}</span>
            </button>
            <button type="button" className={`${styles.button} ${styles.small}`} onClick={() => onAct({ act: 'withdraw', invitation })}>
              Withdraw<span className="unseen"> the invitation of {email}</span>
            </button>
          </span>
        )}
      </td>
    </tr>
  )
}

interface LinkFormProps {
  onLink(link: Link): void
  onClose(): void
}

function Invite({ onLink, onClose }: LinkFormProps) {
  const invite = async (fields: FormData) => {
    const email = textOf(fields, 'email')
    const { url } = await send('POST', '/api/invitations', invitationLink, {
      email,
      roles: ticked(fields, 'roles'),
      workspace_id: workspaceIn(fields),
      expires_in_days: Number(textOf(fields, 'expires_in_days')),
    })
    onLink({ email, url })
  }
  return (
    <FormDialog title="Invite somebody" act="Make the link" done={null} onAct={invite} onClose={onClose}>
      <TextField name="email" label="E-mail address" type="email" required data-autofocus />
      <RoleFields held={[]} />
      <WorkspaceField label="For" />
      <TextField
        name="expires_in_days"
        label="Days the link works"
        type="number"
        min={1}
        max={30}
        defaultValue="7"
        required
        hint="A role of the record is given later, by two people."
      />
    </FormDialog>
  )
}

function Resend({ invitation: { id, email }, onLink, onClose }: LinkFormProps & { invitation: InvitationView }) {
  const resend = async () => {
    const { url } = await send('POST', `/api/invitations/${id}/resend`, invitationLink)
    onLink({ email, url })
  }
  return (
    <FormDialog title={`A new link for ${email}`} act="Make a new link" done={null} onAct={resend} onClose={onClose}>
      <p>The link before is dead at once. The new one works for as long again, and is shown once.</p>
    </FormDialog>
  )
}

function Withdraw({ invitation: { id, email }, onClose }: { invitation: InvitationView; onClose(): void }) {
  return (
    <FormDialog
      title={`Withdraw the invitation of ${email}`}
      act="Withdraw it"
      dangerous
      done="The invitation is withdrawn."
      onAct={() => send('DELETE', `/api/invitations/${id}`, withdrawn)}
      onClose={onClose}
    >
      <p>Its link is dead at once. You can invite them again.</p>
    </FormDialog>
  )
}
