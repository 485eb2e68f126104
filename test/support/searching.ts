import { expect } from 'vitest'
import { type SearchReply, searchReply } from '../../contract/search.ts'
import type { Place, TestApp } from './app.ts'

export interface SearchAsked {
  readonly text: string
  readonly [parameter: string]: unknown
}

/** Searches as a caller of the API does. */
export class Searching {
  readonly #daybook: TestApp

  constructor(daybook: TestApp) {
    this.#daybook = daybook
  }

  ask(place: Place, asked: object, key = place.read) {
    const payload = { workspace_id: place.id, purpose: 'a test', ...asked }
    return this.#daybook.inject({ method: 'POST', url: '/api/search', key, payload })
  }

  /** One page. */
  async page(place: Place, asked: SearchAsked): Promise<SearchReply> {
    const answer = await this.ask(place, asked)
    expect(answer.statusCode, answer.body).toBe(200)
    return searchReply.parse(answer.json())
  }

  /** All pages, however short they are. */
  async all(place: Place, asked: SearchAsked): Promise<SearchReply['data']> {
    const found: SearchReply['data'] = []
    for (let cursor: string | null = null; ; ) {
      const page: SearchReply = await this.page(place, { limit: 200, ...asked, ...(cursor === null ? {} : { cursor }) })
      found.push(...page.data)
      cursor = page.cursor
      if (!page.has_more) return found
    }
  }

  async ids(place: Place, asked: SearchAsked): Promise<string[]> {
    return (await this.all(place, asked)).map(({ id }) => id)
  }
}
