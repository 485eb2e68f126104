import type { OidcProvider } from '../platform/oidc-config.ts'
import { scriptPath } from './assets.ts'
import { type Html, html } from './html.ts'
import { commandLine, layout } from './layout.ts'

/** What the door offers, and why somebody stands at it. */
export interface Door {
  readonly providers: readonly Pick<OidcProvider, 'id' | 'name'>[]
  /** Ways that at least one member has. */
  readonly password: boolean
  readonly passkey: boolean
  /** The page this one was put in front of. */
  readonly next: string | null
  /** What did not work, as a sentence. */
  readonly problem: string | null
  /** What was typed before, so that nobody types it again. */
  readonly email: string
}

/** The sign-in page, with the ways that there are. */
export function signInPage(door: Door): string {
  const own = door.providers.length > 0 || door.password || door.passkey
  const body = html`${problemWords(door.problem)}
<p class="lead">Daybook keeps the record of every AI chat of this company.</p>
${own && html`<div class="ways">${door.providers.map((one) => providerLink(one, door.next))}${door.passkey && passkeyButton(door.next)}</div>`}
${door.password && passwordForm(door)}
<section aria-labelledby="link"><h2 id="link">${own ? 'No way in?' : 'Come in by a link'}</h2>${linkWords()}</section>`
  return layout({ title: 'Sign in to Daybook', person: null, here: '/sign-in', body, script: door.passkey ? scriptPath : null })
}

export function problemWords(problem: string | null): Html | false {
  return problem !== null && html`<p class="empty problem" role="alert">${sentence(problem)}</p>`
}

export const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

/** A link and not a form: where a form may end is a matter of our policy, which names nobody else. */
function providerLink({ id, name }: Door['providers'][number], next: string | null): Html {
  const query = next === null ? '' : `?${new URLSearchParams({ next })}`
  return html`<a class="button" href="/sign-in/with/${id}${query}">Sign in with ${name}</a>`
}

/** The script shows it where the browser knows passkeys. */
function passkeyButton(next: string | null): Html {
  return html`<button type="button" id="use-passkey" data-next="${next ?? ''}" hidden>Sign in with a passkey</button>
<p class="problem" id="passkey-problem" role="alert" hidden></p>`
}

function passwordForm({ email, next }: Door): Html {
  return html`<form class="fields" method="post" action="/sign-in/password" aria-label="Sign in with a password">
<label>E-mail <input name="email" type="email" value="${email}" required maxlength="320" autocomplete="username" spellcheck="false" autocapitalize="none"></label>
<label>Password <input name="password" type="password" required maxlength="200" autocomplete="current-password"></label>
${nextField(next)}
<button class="main">Sign in</button>
</form>`
}

export function nextField(next: string | null): Html | false {
  return next !== null && html`<input type="hidden" name="next" value="${next}">`
}

function linkWords(): Html {
  return html`<p>A link that works once, within 15 minutes, lets you in. Whoever runs this server makes it there:</p>
${commandLine('npx daybook person link --email you@example.com')}
<p class="note">The first owner is <code>owner@localhost</code>; the server prints a link for them whenever it starts.</p>`
}

/** The second half of a sign-in with a password. */
export function codePage({ step, next, problem }: { step: string; next: string | null; problem: string | null }): string {
  const body = html`${problemWords(problem)}
<p class="lead">The password is right. Now the six digits that your app shows, or one of your recovery codes.</p>
<form class="fields" method="post" action="/sign-in/code">
<label>Code <input name="code" required maxlength="40" autocomplete="one-time-code" inputmode="text" spellcheck="false" autocapitalize="none" autofocus></label>
<input type="hidden" name="step" value="${step}">
${nextField(next)}
<button class="main">Sign in</button>
</form>
<p class="note">Neither at hand? <a href="/sign-in">Come in another way</a>, or have whoever runs this server make you a link.</p>`
  return layout({ title: 'The second half', person: null, here: '/sign-in', body })
}

/** A button, because programs that look at links before people do would otherwise use the link up. */
export function linkPage(token: string): string {
  const body = html`<p class="lead">This link signs you in once.</p>
<form method="post" action="/sign-in/${token}"><button class="main">Sign in</button></form>
<p class="note">If you did not ask for it, close this page: nothing has happened yet.</p>`
  return layout({ title: 'Sign in to Daybook', person: null, here: '/sign-in', body })
}

export function deadLinkPage(reason: string): string {
  const body = html`<p class="empty">${sentence(reason)}</p>
<p><a href="/sign-in">Other ways to come in</a></p>${linkWords()}`
  return layout({ title: 'This link does not sign you in', person: null, here: '/sign-in', body })
}

/** After a sign-out by somebody whom a provider let in: they may still be signed in there, and then anybody at this screen comes in again. */
export function signedOutPage({ id, name }: Door['providers'][number]): string {
  const body = html`<p class="lead">You are signed out of Daybook. ${name} still knows this browser.</p>
<div class="ways"><a class="button" href="/sign-out/at/${id}">Sign out of ${name} as well</a><a class="button" href="/sign-in">Sign in again</a></div>`
  return layout({ title: 'Signed out', person: null, here: '', body })
}
