import type { AccessEntry, AccessPage } from '../people/access-record.ts'
import type { Person } from '../people/session.ts'
import { unknownPerson } from '../people/sign-in.ts'
import type { WorkspaceRow } from '../people/workspaces.ts'
import { type Html, html } from './html.ts'
import { dataTable, layout, moment, number } from './layout.ts'

export interface AccessView {
  readonly person: Person
  readonly page: AccessPage
  readonly workspaces: readonly WorkspaceRow[]
  readonly filter: { readonly outcome: string; readonly action: string; readonly before: string }
}

/** The access record: who read, changed or was denied what. */
export function accessPage(view: AccessView): string {
  const { person, page, filter } = view
  const body = html`
<p class="lead">Who read, changed or was denied what, newest first. Opening this page is an entry too: it stands on top the next time.</p>
${filterForm(filter)}
${page.data.length > 0 ? entryTable(view) : emptyWords(view)}
${pager(view)}`
  return layout({ title: 'Access record', person, here: '/access', body })
}

function filterForm({ outcome, action }: AccessView['filter']): Html {
  const option = (value: string, name: string) => html`<option value="${value}"${value === outcome && html` selected`}>${name}</option>`
  return html`<form class="filter" method="get" action="/access" role="search" aria-label="Filter the access record">
<label>Outcome <select name="outcome">${option('', 'allowed and denied')}${option('allowed', 'allowed')}${option('denied', 'denied')}</select></label>
<label>Action <input name="action" value="${action}" maxlength="100" autocomplete="off" spellcheck="false" placeholder="conversations.list"></label>
<button>Show</button>
${(outcome !== '' || action !== '') && html`<a class="button" href="/access">Show all</a>`}
</form>`
}

function entryTable({ page, workspaces }: AccessView): Html {
  const nameOf = (id: string | null) => (id === null ? 'organization' : (workspaces.find((one) => one.id === id)?.name ?? id))
  return dataTable(
    'Entries of the access record',
    [
      { name: 'When (UTC)', cell: ({ occurred_at }) => moment(occurred_at) },
      { name: 'Who', cell: whoWords },
      { name: 'Did', cell: didWords },
      { name: 'What', kind: 'code', cell: ({ action }) => html`<code>${action}</code>` },
      { name: 'Where', cell: ({ workspace_id }) => nameOf(workspace_id) },
      { name: 'Items', kind: 'number', cell: ({ count }) => number(count) },
      {
        name: 'From',
        cell: ({ address }) => (address === null ? html`<span class="none">this machine</span>` : html`<code>${address}</code>`),
      },
      { name: 'With', cell: queryWords },
    ],
    page.data,
  )
}

const actorWords: Record<string, string> = { key: 'API key', person: 'signed in', operator: 'operator' }

function whoWords({ actor }: AccessEntry): Html {
  if (actor.id === unknownPerson) return html`<span class="none">nobody known</span>`
  return html`${actor.name} <span class="note">${actorWords[actor.kind] ?? actor.kind}</span>`
}

function didWords({ kind, outcome, reason }: AccessEntry): Html {
  if (outcome === 'denied') return html`<span class="denied">denied</span>${reason !== null && html`: ${reason}`}`
  return html`${kind === 'change' ? 'changed' : 'read'}`
}

/** The parameters that say something; what is null was not given. */
function queryWords({ query }: AccessEntry): Html {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== '')
  return html`${given.map(([name, value]) => html`<code>${name}=${Array.isArray(value) ? value.join(', ') : String(value)}</code> `)}`
}

function emptyWords({ page, filter }: AccessView): Html {
  if (page.next_before !== null) return html`<p class="empty">Nothing like this among the newest entries; go on with the older ones.</p>`
  if (filter.before !== '') return html`<p class="empty">This is the beginning of the record.</p>`
  return html`<p class="empty">Nothing like this was ever recorded. <a href="/access">Show all entries</a></p>`
}

function pager({ page, filter }: AccessView): Html {
  const link = (before: string) => {
    const query = new URLSearchParams(Object.entries({ ...filter, before }).filter(([, value]) => value !== ''))
    return query.size === 0 ? '/access' : `/access?${query}`
  }
  return html`<nav class="pager" aria-label="Pages of the record">
${filter.before !== '' && html`<a class="button" href="${link('')}">Newest</a>`}
${page.next_before !== null && html`<a class="button" rel="next" href="${link(String(page.next_before))}">Older</a>`}
</nav>`
}
