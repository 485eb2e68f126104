import { type Role, roleScopes, roles, scopes } from '../../contract/people.ts'
import type { Person } from '../people/session.ts'
import { html } from './html.ts'
import { layout, roleNames } from './layout.ts'
import { sentence } from './sign-in-page.ts'

/** Pages for those who are not in there. */

export function forbiddenPage(person: Person | null, needed: string): string {
  const can = rolesWith(needed)
  const body = html`<p class="empty">Your ${person?.roles.length === 1 ? 'role' : 'roles'} (${roleNames(person?.roles ?? [])}) may not see this page. ${
    can.length > 0 && html`It is for ${roleNames(can)}.`
  }</p>
<p>An owner can give you such a role. That you asked is an entry in the access record.</p>
<p><a href="/">Back to what is where</a></p>`
  return layout({ title: 'Not for your role', person, here: '', body })
}

function rolesWith(needed: string): Role[] {
  const enough = scopes.filter((one) => needed.split(' or ').includes(one))
  return roles.filter((role) => enough.some((one) => roleScopes[role].includes(one)))
}

export function problemPage(status: number, reason: string, requestId: string): string {
  const body = html`<p class="empty">${sentence(reason)}</p>
<p class="note">Whoever runs this server finds more in its log, under <code>${requestId}</code>.</p>
<p><a href="/">Back to what is where</a></p>`
  return layout({ title: status >= 500 ? 'Something went wrong' : 'This did not work', person: null, here: '', body })
}
