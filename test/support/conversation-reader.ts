import { expect } from 'vitest'
import type { z } from 'zod'
import { conversationList } from '../../server/compliance/openai-schemas.ts'
import type { TestApp } from './app.ts'

type Conversation = z.output<typeof conversationList>['data'][number]

/** What one client has seen while it paged through conversations as connectors do: by has_more and last_id alone. */
export class ConversationReader {
  pages = 0
  /** By the clock of the test, when the last page was asked for. */
  lastAsked = 0
  readonly timesSeen = new Map<string, number>()
  readonly lastTitle = new Map<string, string | null>()
  readonly messages = new Set<string>()

  see(conversation: Conversation): void {
    this.timesSeen.set(conversation.id, (this.timesSeen.get(conversation.id) ?? 0) + 1)
    this.lastTitle.set(conversation.id, conversation.title)
    for (const { id } of conversation.messages.data) this.messages.add(id)
  }
}

export interface Walk {
  readonly url: string
  readonly key: string
  /** Parameters of the first page, and those of the pages after it, to which `after` is added. */
  readonly first: string
  readonly next: string
  /** What happens between two pages; gets the id the page ended with. */
  between(lastId: string): Promise<void>
  /** A walk that has more pages than this never ends. */
  readonly most: number
}

/** Pages through to the end, and checks every page against the cursor rules that connectors rely on. */
export async function readConversations(daybook: TestApp, walk: Walk): Promise<ConversationReader> {
  const reader = new ConversationReader()
  for (let query = walk.first; ; ) {
    if (reader.pages >= walk.most) throw new Error(`the walk did not end within ${walk.most} pages`)
    reader.lastAsked = performance.now()
    const answer = await daybook.get(`${walk.url}?${query}`, walk.key)
    expect(answer.statusCode, answer.body).toBe(200)
    const page = conversationList.parse(answer.json())
    reader.pages++
    for (const conversation of page.data) reader.see(conversation)
    expect(page.last_id).toBe(page.data.at(-1)?.id ?? null)
    if (!page.has_more) return reader
    if (page.last_id === null) throw new Error('a page says that there is more and ends with nothing')
    await walk.between(page.last_id)
    query = `${walk.next}&after=${page.last_id}`
  }
}
