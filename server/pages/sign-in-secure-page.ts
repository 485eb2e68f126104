import { encode } from 'uqr'
import { passwordLength, type TotpSetup } from '../../contract/account.ts'
import type { Person } from '../people/session.ts'
import { scriptPath } from './assets.ts'
import { type Html, html } from './html.ts'
import { layout } from './layout.ts'
import { nextField, problemWords } from './sign-in-page.ts'

/** The first thing after a first link: a way in of one's own. `elsewhere` is this server under a name, where the address bar has numbers. */
export function securePage({
  person,
  passkeys,
  elsewhere,
  next,
}: {
  person: Person
  passkeys: boolean
  elsewhere: string
  next: string
}): string {
  const body = html`<p class="lead">You came in by a link. Set up a way of your own, so that next time nobody has to make you one.</p>
<section aria-labelledby="passkey"><h2 id="passkey">With a passkey</h2>
<p>Your finger, your face or the PIN of this device signs you in. Nothing to remember, and nothing that could be given away to a false page.</p>
${passkeys ? passkeyButton(next) : noPasskeyWords(elsewhere)}</section>
<section aria-labelledby="password"><h2 id="password">With a password and an app</h2>
<p>A password, and six digits from an authenticator app on your phone each time.</p>
<p><a class="button" href="/secure/password?${String(new URLSearchParams({ next }))}">Set up a password</a></p></section>
<section aria-labelledby="later"><h2 id="later">Later</h2>
<p>Until then you come in by links alone, and whoever can run commands on the server can make one.</p>
<form method="post" action="/secure/skip">${nextField(next)}<button>Go on without</button></form></section>`
  return layout({ title: 'Secure this account', person, here: '', body, script: passkeys ? scriptPath : null })
}

function passkeyButton(next: string): Html {
  return html`<p><button type="button" class="main" id="add-passkey" data-next="${next}" hidden>Add a passkey</button></p>
<p class="problem" id="passkey-problem" role="alert" hidden></p>
<p class="note" id="no-passkeys">This browser shows no passkeys.</p>`
}

function noPasskeyWords(elsewhere: string): Html {
  return html`<p class="note">Browsers give passkeys to names, and the address bar shows the numbers of an address. Open <code>${elsewhere}</code>, or have a name put into <code>DAYBOOK_URL</code>.</p>`
}

/** A password with the app that goes with it. */
export function newPasswordPage({
  person,
  setup,
  next,
  problem,
}: {
  person: Person
  setup: TotpSetup
  next: string
  problem: string | null
}): string {
  const { least, most } = passwordLength
  const body = html`${problemWords(problem)}
<form class="fields" method="post" action="/secure/password">
<h2>1. The password</h2>
<input type="text" name="username" value="${person.name}" autocomplete="username" readonly hidden>
<label>Password <input name="password" type="password" required minlength="${least}" maxlength="${most}" autocomplete="new-password" aria-describedby="rule"></label>
<p class="note" id="rule">${least} characters or more; a few words are fine. Nothing else is asked of it, but that not everybody tries it first.</p>
<h2>2. The app</h2>
<p>Point an authenticator app at this picture, or type the text below it.</p>
${picture(setup.uri)}
<p><code>${setup.secret.replaceAll(/(.{4})(?!$)/g, '$1 ')}</code></p>
<label>Six digits it shows now <input name="code" required maxlength="20" autocomplete="one-time-code" inputmode="numeric"></label>
<input type="hidden" name="setup" value="${setup.setup}">
${nextField(next)}
<button class="main">Set up</button>
</form>
<p><a href="/secure">Back</a></p>`
  return layout({ title: 'A password and an app', person, here: '', body })
}

/** Dark on light in either color scheme: scanners want it so. */
function picture(uri: string): Html {
  const { data, size } = encode(uri, { ecc: 'M', border: 2 })
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return html`<svg class="qr" viewBox="0 0 ${size} ${size}" role="img" aria-label="The same text as a picture for the app" shape-rendering="crispEdges"><rect width="${size}" height="${size}" fill="#fff"/><path d="${path}" fill="#000"/></svg>`
}

/** Shown once, and nowhere kept in a form that could be shown again. */
export function recoveryCodesPage({ person, codes, next }: { person: Person; codes: readonly string[]; next: string }): string {
  const body = html`<p class="lead">Your password and your app are set up. Keep these codes where you keep what matters, not on the same phone.</p>
<p>Each replaces the six digits once, when the phone is not at hand. They are shown now and never again.</p>
<pre tabindex="0" role="group" aria-label="Recovery codes"><code>${codes.join('\n')}</code></pre>
<p><a class="button" href="${next}">I have kept them: go on</a></p>`
  return layout({ title: 'Recovery codes', person, here: '', body })
}
