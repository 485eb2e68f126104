import { appPaths } from '../../contract/app-page.ts'
import type { Scope } from '../../contract/people.ts'
import { allows } from '../ledger/context.ts'
import type { Person } from '../people/session.ts'
import { iconPath, stylePath } from './assets.ts'
import { type Html, html, htmlText } from './html.ts'

export interface Page {
  readonly title: string
  /** Whose page it is; null: nobody is signed in. */
  readonly person: Person | null
  /** Path of the page, to mark it in the navigation. */
  readonly here: string
  readonly body: Html
  /** Path of the script it needs; none unless said. */
  readonly script?: string | null
}

/** A whole document. The heading repeats the title, so that a page is named alike in the tab, on the screen and when it is read out. */
export function layout({ title, person, here, body, script = null }: Page): string {
  return htmlText(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Daybook</title>
<link rel="stylesheet" href="${stylePath}">
<link rel="icon" href="${iconPath}" type="image/svg+xml">${
    script !== null &&
    html`
<script src="${script}" defer></script>`
  }
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header>
<p class="brand"><a href="/">Daybook</a></p>
${person && navigation(person, here)}
${person && account(person)}
</header>
<main id="main" tabindex="-1">
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`)
}

function navigation(person: Person, here: string): Html {
  const links = [
    ...Object.entries<readonly Scope[]>(appPaths).flatMap(([path, needed]) =>
      path !== oneOfMany && (needed.length === 0 || needed.some((scope) => allows(person, scope))) ? [{ path, name: pageName(path) }] : [],
    ),
    { path: '/', name: 'What is where' },
    { path: '/api/docs', name: 'API description' },
  ]
  return html`<nav aria-label="Main"><ul>${links.map(
    ({ path, name }) => html`<li><a href="${path}"${path === here && html` aria-current="page"`}>${name}</a></li>`,
  )}</ul></nav>`
}

/** Where one gets from the record alone. */
const oneOfMany = '/record/conversation'

/** Paths are named for their pages: `/members` is Members. */
const pageName = (path: string) => otherNames[path] ?? path.charAt(1).toUpperCase() + path.slice(2)
const otherNames: Record<string, string> = { '/access': 'Access record', '/record/search': 'Search' }

function account({ name }: Person): Html {
  return html`<form class="account" method="post" action="/sign-out"><span>${name}</span> <button>Sign out</button></form>`
}

export interface Column<R> {
  readonly name: string
  readonly cell: (row: R) => Html | string | number
  readonly kind?: 'number' | 'code'
}

/**
 * A table that reads well everywhere: its first column heads the rows, and on a narrow screen each row becomes a list of its own,
 * every cell with the name of its column.
 */
export function dataTable<R>(caption: string, [head, ...columns]: [Column<R>, ...Column<R>[]], rows: readonly R[]): Html {
  const headed = [head, ...columns]
  return html`<table>
<caption>${caption}</caption>
<thead><tr>${headed.map(({ name, kind }) => html`<th scope="col" class="${kind}">${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) => html`<tr>
<th scope="row" data-name="${head.name}" class="${head.kind}"><div>${head.cell(row)}</div></th>${columns.map(
      ({ name, cell, kind }) => html`<td data-name="${name}" class="${kind}"><div>${cell(row)}</div></td>`,
    )}
</tr>`,
  )}</tbody>
</table>`
}

/** A moment for people and for machines; the column says that it is UTC. */
export function moment(instant: string | null, none = 'never'): Html {
  if (instant === null) return html`<span class="none">${none}</span>`
  return html`<time datetime="${instant}">${instant.slice(0, 19).replace('T', ' ')}</time>`
}

/** A line to copy. On a narrow screen it scrolls, also by the keyboard: broken in two it would be copied wrongly. */
export function commandLine(text: string): Html {
  return html`<pre tabindex="0" role="group" aria-label="Command"><code>${text}</code></pre>`
}

export const number = (value: number) => value.toLocaleString('en-US')

/** `compliance_officer` as people say it. */
export const roleNames = (roles: readonly string[]) => roles.map((role) => role.replaceAll('_', ' ')).join(', ')
