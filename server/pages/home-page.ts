import { appPaths } from '../../contract/app-page.ts'
import { allows } from '../ledger/context.ts'
import type { Amount } from './counts.ts'
import type { CountedWorkspace, Home } from './home.ts'
import { type Html, html } from './html.ts'
import { commandLine, dataTable, layout, moment, number, roleNames } from './layout.ts'

/** What is where: the first page after the sign-in. */
export function homePage(home: Home): string {
  const { person, organization, workspaces, keys, members } = home
  const body = html`
<dl>
<dt>Organization</dt><dd>${organization.name} <code>${organization.id}</code></dd>
<dt>You</dt><dd>${person.name}: ${roleWords(home)}</dd>
</dl>
${workspaces === null && html`<p class="empty">Your roles show nothing of the organization yet. An owner or an admin can give you another role.</p>`}
${workspaces && html`<section aria-labelledby="workspaces"><h2 id="workspaces">Workspaces</h2>${workspaceWords(workspaces)}</section>`}
${allows(person, 'activity:read') && recordWords()}
<section aria-labelledby="import"><h2 id="import">Bring chats in</h2>${importWords(
    workspaces ?? [],
    appPaths['/sources'].some((scope) => allows(person, scope)),
  )}</section>
<section aria-labelledby="addresses"><h2 id="addresses">Addresses</h2>${addressTable(home)}</section>
${keys && html`<section aria-labelledby="keys"><h2 id="keys">API keys</h2>${keyWords(home)}</section>`}
${members && html`<section aria-labelledby="members"><h2 id="members">Who may sign in</h2>${memberWords(home)}</section>`}`
  return layout({ title: 'What is where', person, here: '/', body })
}

function roleWords({ person, workspaces }: Home): string {
  const where = person.workspace === null ? 'for the whole organization' : `in ${workspaces?.[0]?.name ?? 'one workspace'}`
  return `${roleNames(person.roles) || 'no role'} ${where}`
}

const kindWords: Record<string, string> = { sample: 'sample: real chats of a public study', simulated: 'simulated', empty: 'your own' }

function workspaceWords(workspaces: readonly CountedWorkspace[]): Html {
  if (workspaces.length === 0) {
    return html`<div class="empty"><p>There is no workspace yet. A workspace is what a source and its people belong to; make the first one on the server:</p>
${commandLine('npx daybook workspace create --name "My company"')}</div>`
  }
  return dataTable(
    'Workspaces with what is in them',
    [
      { name: 'Workspace', cell: ({ name }) => name },
      { name: 'Id', kind: 'code', cell: ({ id }) => html`<code>${id}</code>` },
      { name: 'Kind', cell: ({ kind }) => kindWords[kind] ?? kind },
      { name: 'People', kind: 'number', cell: ({ counts }) => amount(counts.people) },
      { name: 'Conversations', kind: 'number', cell: ({ counts }) => amount(counts.conversations) },
      { name: 'Messages', kind: 'number', cell: ({ counts }) => amount(counts.messages) },
    ],
    workspaces,
  )
}

const amount = (value: Amount) => `${value.about ? 'about ' : ''}${number(value.number)}`

function recordWords(): Html {
  return html`<section aria-labelledby="record"><h2 id="record">Who looked</h2>
<p>Every read of a chat, every change and every refusal is an entry in the log, beside the chats themselves. <a href="/access">Open the access record</a></p></section>`
}

function importWords(workspaces: readonly CountedWorkspace[], seesSources: boolean): Html {
  const into = (workspaces.find(({ kind }) => kind === 'empty') ?? workspaces[0])?.id ?? '"My company"'
  return html`<p>On the server, from a ChatGPT export as it was downloaded (a folder, a <code>.zip</code>, a <code>.json</code>), or from records of our own shape, one JSON object a line:</p>
${commandLine(`npx daybook import chatgpt-export export.zip --workspace ${into}`)}
${commandLine(`npx daybook import records records.ndjson --workspace ${into}`)}
<p>From any program, with a key that may write:</p>
${commandLine(`npx daybook key create --name intake --scope ingest:write --workspace ${into}`)}
<p class="note">Importing the same again changes nothing. What was refused is kept with its reason: <code>npx daybook dead-letters list</code>${
    seesSources && html`, or on the page <a href="/sources">Sources</a>, which also says what is late`
  }</p>`
}

interface Address {
  what: string
  where: Html
  needs: string
}

function addressTable({ origin, workspaces }: Home): Html {
  const workspace = workspaces?.[0]?.id ?? '{workspace}'
  const api = (path: string) => html`<code>${origin}${path}</code>`
  const page = (path: string) => html`<a href="${path}">${origin}${path}</a>`
  const addresses: Address[] = [
    { what: 'OpenAI-compatible export API', where: api(`/v1/compliance/workspaces/${workspace}/conversations`), needs: 'compliance:read' },
    { what: 'The same, by user or by date', where: api('/v1/compliance/conversations?user_id=…'), needs: 'compliance:read' },
    { what: 'Raw records', where: api('/api/records?after_seq=0'), needs: 'compliance:read' },
    { what: 'Access record', where: api('/api/access'), needs: 'activity:read' },
    { what: 'Intake', where: html`<code>POST</code> ${api('/api/intake/records')}`, needs: 'ingest:write' },
    { what: 'Description of every API', where: page('/api/docs'), needs: 'nothing' },
    { what: 'Metrics for Prometheus', where: page('/metrics'), needs: 'the loopback address, or any key' },
    { what: 'Alive, ready', where: html`${page('/healthz')}, ${page('/readyz')}`, needs: 'nothing' },
  ]
  return dataTable(
    'Addresses of the APIs with what they need',
    [
      { name: 'What', cell: ({ what }) => what },
      { name: 'Address', cell: ({ where }) => where },
      { name: 'Needs', cell: ({ needs }) => (needs.includes(':') ? html`<code>${needs}</code>` : needs) },
    ],
    addresses,
  )
}

function keyWords({ keys, workspaces }: Home): Html {
  if (!keys || keys.length === 0) {
    return html`<div class="empty"><p>No key lets a program in. Make one on the server; its text is shown once:</p>
${commandLine('npx daybook key create --name "eDiscovery" --scope compliance:read --expires 90d')}</div>`
  }
  const nameOf = (id: string | null) => (id === null ? 'the whole organization' : (workspaces?.find((one) => one.id === id)?.name ?? id))
  return html`${dataTable(
    'API keys that are valid now',
    [
      { name: 'Name', cell: ({ name }) => name },
      { name: 'Key', kind: 'code', cell: ({ last_four }) => html`<code>…${last_four}</code>` },
      { name: 'May', cell: ({ scopes }) => html`<code>${scopes.join(' ')}</code>` },
      { name: 'For', cell: ({ workspace_id }) => nameOf(workspace_id) },
      { name: 'Last used (UTC)', cell: ({ last_used_at }) => moment(last_used_at) },
      { name: 'Ends (UTC)', cell: ({ expires_at }) => moment(expires_at) },
    ],
    keys,
  )}
<p class="note">Make, rotate and end them on the page <a href="/keys">Keys</a>, or with <code>npx daybook key</code> on the server.</p>`
}

function memberWords({ members, workspaces }: Home): Html {
  const nameOf = (id: string | null) => (id === null ? 'the whole organization' : (workspaces?.find((one) => one.id === id)?.name ?? id))
  return html`${dataTable(
    'People who may sign in',
    [
      { name: 'E-mail', cell: ({ email }) => email },
      { name: 'Roles', cell: ({ roles, primary_owner }) => `${roleNames(roles)}${primary_owner ? ' (the primary owner)' : ''}` },
      { name: 'For', cell: ({ workspace_id }) => nameOf(workspace_id) },
      { name: 'Since (UTC)', cell: ({ created_at }) => moment(created_at) },
    ],
    members ?? [],
  )}
<p class="note">Invite somebody on the page <a href="/members">Members</a>, or let them in on the server; no role but those of the record reads a chat:</p>
${commandLine('npx daybook person add --email someone@example.com --role auditor\nnpx daybook person link --email someone@example.com')}`
}
