import { type Role, roleScopes, roles, scope } from '../../contract/people.ts'
import type { Person } from '../people/session.ts'
import { type Html, html } from './html.ts'
import { commandLine, layout, roleNames } from './layout.ts'

/** Pages for those who are not in, or not in there. */

export function signedOutPage(): string {
  return layout({ title: 'Sign in to Daybook', person: null, here: '/', body: howToSignIn() })
}

function howToSignIn(): Html {
  return html`<p class="lead">Daybook keeps the record of every AI chat of this company.</p>
<p>You come in by a link that works once, within 15 minutes. Whoever runs this server makes it there:</p>
${commandLine('npx daybook person link --email you@example.com')}
<p class="note">The first owner is <code>owner@localhost</code>; the server prints a link for them whenever it starts.</p>`
}

/** A button, because programs that look at links before people do would otherwise use the link up. */
export function signInPage(token: string): string {
  const body = html`<p class="lead">This link signs you in once.</p>
<form method="post" action="/sign-in/${token}"><button class="main">Sign in</button></form>
<p class="note">If you did not ask for it, close this page: nothing has happened yet.</p>`
  return layout({ title: 'Sign in to Daybook', person: null, here: '/sign-in', body })
}

export function deadLinkPage(reason: string): string {
  const body = html`<p class="empty">${sentence(reason)}</p>${howToSignIn()}`
  return layout({ title: 'This link does not sign you in', person: null, here: '/sign-in', body })
}

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
  const parsed = scope.safeParse(needed)
  return parsed.success ? roles.filter((role) => roleScopes[role].includes(parsed.data)) : []
}

export function problemPage(status: number, reason: string, requestId: string): string {
  const body = html`<p class="empty">${sentence(reason)}</p>
<p class="note">Whoever runs this server finds more in its log, under <code>${requestId}</code>.</p>
<p><a href="/">Back to what is where</a></p>`
  return layout({ title: status >= 500 ? 'Something went wrong' : 'This did not work', person: null, here: '', body })
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
