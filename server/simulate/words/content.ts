import type { Random } from '../random.ts'
import { matterOf } from './chat.ts'
import type { Matter } from './grammar.ts'
import { grammarOf, type Language } from './languages.ts'
import { topics } from './tasks.ts'

const about = (random: Random, language: Language): Matter =>
  matterOf(random, language, { task: 'writing and editing', topic: random.pick(topics) })

/** What a chat remembers about a person, a sentence. */
export function memoryWords(random: Random, language: Language): string {
  return grammarOf(language).say(random, 'memory', about(random, language))
}

/** The text of a canvas at its version 1, 2, 3, …: each continues the one before when `random` begins in the same place. */
export function canvasWords(random: Random, language: Language, version: number): string {
  const matter = about(random, language)
  let text = grammarOf(language).say(random, 'canvas', matter)
  for (let later = 1; later < version; later++) text += grammarOf(language).say(random, 'canvas more', matter)
  return text
}

/** What was said in a meeting, a line for each speaker. */
export function transcriptWords(random: Random, language: Language): string {
  return grammarOf(language).say(random, 'transcript', about(random, language))
}
