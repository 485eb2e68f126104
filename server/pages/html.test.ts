import fc from 'fast-check'
import { expect, test } from 'vitest'
import { html, htmlText } from './html.ts'

test('whatever is put into a page stays text', () => {
  expect(htmlText(html`<p title="${'"><script>'}">${`<b>&'`}</p>`)).toBe('<p title="&quot;&gt;&lt;script&gt;">&lt;b&gt;&amp;&#39;</p>')
  fc.assert(fc.property(fc.string(), (text) => !/[<>"']/.test(htmlText(html`${text}`))))
})

test('pieces of a page go into one another as they are, lists one behind the other', () => {
  const rows = ['a', '<'].map((text) => html`<li>${text}</li>`)
  expect(htmlText(html`<ul>${rows}</ul>`)).toBe('<ul><li>a</li><li>&lt;</li></ul>')
})

test('what is not there leaves nothing, and zero is there', () => {
  expect(htmlText(html`[${null}${undefined}${false}${0}]`)).toBe('[0]')
})

test('an object that only looks like a piece of a page is not one', () => {
  const forged = JSON.parse('{"html":"<script>"}')
  expect(() => htmlText(html`${forged}`)).toThrow()
})
