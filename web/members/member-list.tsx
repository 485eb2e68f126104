import { useState } from 'react'
import type { MemberView } from '../../contract/admin.ts'
import styles from '../admin/admin.module.css'
import { usePageQuery } from '../admin/page-query.ts'
import { holds, reachName, roleName, roleNames, rolesHolding, timeLeft, useNow } from '../admin/words.ts'
import { written } from '../format.ts'
import { Moment } from '../sources/moment.tsx'
import { Answered, Part, stateOf } from '../sources/part.tsx'
import { ScrollBox } from '../sources/scroll-box.tsx'
import tables from '../sources/sources.module.css'
import { MemberDialog } from './member-dialog.tsx'
import { isMe, useMembers } from './use-members.ts'

const atOnce = 100
const parameters = ['state'] as const

/** Everybody, with what they may do; who manages people changes it from here. */
export function MemberList() {
  const answer = useMembers()
  const [opened, setOpened] = useState<string | null>(null)
  const member = answer.reply?.data.find(({ id }) => id === opened) ?? null
  return (
    <Part
      id="members"
      title="Who signs in, and what may they do?"
      sentence="Members with their roles and what these are for. No role of the workspace reads a chat; the roles of the record do, each for its own work."
      waiting={answer.waiting}
      state={stateOf(answer)}
    >
      <Answered answer={answer} seenBy={rolesHolding('directory:read')}>
        {({ data }) => <MemberTable members={data} onOpen={setOpened} />}
      </Answered>
      {member !== null && <MemberDialog member={member} everybody={answer.reply?.data ?? []} onClose={() => setOpened(null)} />}
    </Part>
  )
}

function MemberTable({ members, onOpen }: { members: readonly MemberView[]; onOpen(id: string): void }) {
  const [{ state }, change] = usePageQuery(parameters)
  // A name or an address never stands in a link, so what is searched for dies with the page.
  const [wanted, setWanted] = useState('')
  const [most, setMost] = useState(atOnce)
  const found = members.filter(
    (one) => (state === '' || one.state === state) && `${one.email} ${roleNames(one.roles)}`.toLowerCase().includes(wanted.toLowerCase()),
  )
  const showAll = () => {
    setWanted('')
    change({ state: '' })
  }
  return (
    <>
      <search className={styles.bar} aria-label="Members">
        <p className={styles.field}>
          <label htmlFor="find-member">Search by e-mail or role</label>
          <input
            id="find-member"
            data-command="find member"
            type="search"
            autoComplete="off"
            value={wanted}
            onChange={(event) => setWanted(event.currentTarget.value)}
          />
        </p>
        <p className={styles.field}>
          <label htmlFor="member-state">State</label>
          <select id="member-state" value={state} onChange={(event) => change({ state: event.currentTarget.value })}>
            <option value="">active and deactivated</option>
            <option value="active">active</option>
            <option value="deactivated">deactivated</option>
          </select>
        </p>
        <p className={styles.hint} role="status">
          {written(found.length, 'count')} of {written(members.length, 'count')}, in the order they came
        </p>
      </search>
      {found.length === 0 ? <Nobody onShowAll={showAll} /> : <Rows members={found.slice(0, most)} onOpen={onOpen} />}
      {found.length > most && (
        <p className={styles.note}>
          <button type="button" className={styles.button} onClick={() => setMost(most + atOnce)}>
            Show more
          </button>
        </p>
      )}
    </>
  )
}

function Nobody({ onShowAll }: { onShowAll(): void }) {
  return (
    <p>
      Nobody is like this.{' '}
      <button type="button" className={`${styles.button} ${styles.small}`} onClick={onShowAll}>
        Show everybody
      </button>
    </p>
  )
}

function Rows({ members, onOpen }: { members: readonly MemberView[]; onOpen(id: string): void }) {
  return (
    <ScrollBox name="Members">
      <table className={tables.table}>
        <caption className="unseen">Members in the order they came, with their roles</caption>
        <thead>
          <tr>
            {['E-mail', 'Roles', 'For', 'State', 'Since'].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <th scope="col" data-number="true">
              Live keys
            </th>
            {holds('people:manage') && <th scope="col">Change</th>}
          </tr>
        </thead>
        <tbody>
          {members.map((member) => (
            <Row key={member.id} {...member} onOpen={() => onOpen(member.id)} />
          ))}
        </tbody>
      </table>
    </ScrollBox>
  )
}

function Row(member: MemberView & { onOpen(): void }) {
  const { email, roles, break_glass, primary_owner, workspace_id, state, created_at, deactivated_at, live_keys } = member
  const moment = useNow()
  return (
    <tr>
      <th scope="row" className={styles.wrap}>
        {email}
        {isMe(member) && <span className={tables.small}>you</span>}
      </th>
      <td className={styles.wrap}>
        {roleNames(roles)}
        {primary_owner && <span className={tables.small}>the primary owner</span>}
        {break_glass.map(({ role, expires_at }) => (
          <span key={role} className={tables.small}>
            {roleName(role)} for {timeLeft(expires_at, moment) ?? 'no longer'} yet
          </span>
        ))}
      </td>
      <td className={styles.wrap}>{reachName(workspace_id)}</td>
      <td>
        <span className={styles.mark} data-tone={state === 'active' ? 'good' : 'warn'}>
          {state}
        </span>
        {deactivated_at !== null && (
          <span className={tables.small}>
            since <Moment at={deactivated_at} />
          </span>
        )}
      </td>
      <td className={styles.wrap}>
        <Moment at={created_at} />
      </td>
      <td data-number="true">{written(live_keys, 'count')}</td>
      {holds('people:manage') && (
        <td>
          <button type="button" className={`${styles.button} ${styles.small}`} onClick={member.onOpen}>
            Manage<span className="unseen"> {email}</span>
          </button>
        </td>
      )}
    </tr>
  )
}
