import type { JsonObject } from '../intake/found.ts'
import { timeText } from './calendar.ts'
import { tagged, uuid } from './ids.ts'
import { assistant, type Said } from './talk.ts'
import type { Telling } from './telling.ts'
import { tools } from './vocabulary.ts'
import { promptWords, titleWords } from './words/chat.ts'
import { canvasWords, memoryWords } from './words/content.ts'

/** What a conversation leaves beside its messages: canvases, memories, automations, shares, feedback, its deletion. */
export function besideTalk(telling: Telling): JsonObject[] {
  const { talk, random } = telling
  const records: JsonObject[] = []
  const met = new Set<string>()
  talk.said.forEach((said) => {
    const made = said.tool < 0 ? undefined : makers[tools[said.tool]?.printed ?? '']
    // One of each: later uses of a tool go on with what it made first.
    const printed = tools[said.tool]?.printed ?? ''
    if (!made || met.has(printed)) return
    met.add(printed)
    records.push(...made(telling, said))
  })
  if (random.int(90) === 0) records.push(shareRecord(telling))
  if (random.int(60) === 0) records.push(...opinionRecords(telling))
  if (talk.deleted > 0) records.push(deletionRecord(telling))
  return records
}

type Maker = (telling: Telling, said: Said) => JsonObject[]

const makers: Readonly<Record<string, Maker>> = {
  Canvas: canvasRecords,
  artifacts: canvasRecords,
  Memory: memoryRecords,
  Tasks: automationRecords,
}

const timeOf = ({ talk }: Telling, said: Said) => said.at || talk.start

/** The versions of a text that the person and the model write together, one after the other. */
function canvasRecords(telling: Telling, said: Said): JsonObject[] {
  const { random, person, conversation, matter } = telling
  const id = uuid(random)
  const name = titleWords(random, person.language, matter)
  return Array.from({ length: 1 + random.int(3) }, (_, i) => ({
    kind: 'canvas',
    id,
    source: person.source,
    person_id: person.id,
    conversation_id: conversation,
    version: i + 1,
    name,
    type: 'document',
    content: canvasWords(random, person.language, i + 1),
    comments: i === 0 ? [] : [{ text: titleWords(random, person.language, matter) }],
    updated_at: timeText(timeOf(telling, said) + i * 45),
  }))
}

function memoryRecords(telling: Telling, said: Said): JsonObject[] {
  const { random, person } = telling
  const updated_at = timeText(timeOf(telling, said))
  return [
    {
      kind: 'memory',
      id: uuid(random),
      source: person.source,
      person_id: person.id,
      content: memoryWords(random, person.language),
      updated_at,
    },
  ]
}

function automationRecords(telling: Telling, said: Said): JsonObject[] {
  const { random, person, conversation, matter } = telling
  const created = timeText(timeOf(telling, said))
  return [
    {
      kind: 'automation',
      id: uuid(random),
      source: person.source,
      person_id: person.id,
      conversation_id: conversation,
      title: titleWords(random, person.language, matter),
      prompt: promptWords(random, person.language, matter),
      schedule: random.pick(['BEGIN:VEVENT\nRRULE:FREQ=WEEKLY;BYDAY=MO\nEND:VEVENT', 'BEGIN:VEVENT\nRRULE:FREQ=DAILY\nEND:VEVENT']),
      enabled: random.int(5) > 0,
      created_at: created,
      updated_at: created,
    },
  ]
}

function shareRecord(telling: Telling): JsonObject {
  const { random, person, conversation, talk } = telling
  const id = uuid(random)
  return {
    kind: 'share',
    id,
    source: person.source,
    of: { kind: 'conversation', id: conversation },
    person_id: person.id,
    audience: random.int(6) === 0 ? 'anyone_with_link' : 'organization',
    url: `https://${person.source === 'claude' ? 'claude.ai' : 'chatgpt.com'}/share/${id}`,
    created_at: timeText(talk.start + 120),
  }
}

/** A thumb up or down, and now and then two answers held against each other. */
function opinionRecords(telling: Telling): JsonObject[] {
  const { random, person, talk, messages } = telling
  const answered = talk.said.findIndex(({ role }) => role === assistant)
  if (answered < 0) return []
  const about = { source: person.source, message_id: messages[answered], person_id: person.id, created_at: timeText(talk.start + 90) }
  const liked = random.int(4) > 0
  const feedback = { kind: 'feedback', id: tagged(random, 'fb_'), ...about, rating: liked ? 'thumbs_up' : 'thumbs_down', content: {} }
  if (random.int(5) > 0) return [feedback]
  return [
    feedback,
    { kind: 'comparison', id: tagged(random, 'cmp_'), ...about, rating: random.pick(['left', 'right', 'same']), content: {} },
  ]
}

function deletionRecord({ talk, person, conversation }: Telling): JsonObject {
  return {
    kind: 'deletion',
    source: person.source,
    of: { kind: 'conversation', id: conversation },
    deleted_at: timeText(talk.deleted),
    by: { kind: 'user', id: person.id },
  }
}
