import { code } from './code.ts'
import { answers } from './english/answers.ts'
import { business } from './english/business.ts'
import { chat } from './english/chat.ts'
import { office } from './english/office.ts'
import { technical } from './english/technical.ts'
import { french } from './french.ts'
import { german } from './german.ts'
import { Grammar, type Rules } from './grammar.ts'
import { japanese } from './japanese.ts'
import { norwegian } from './norwegian.ts'
import { names } from './people.ts'
import { spanish } from './spanish.ts'
import { structure } from './structure.ts'

/** By their codes in ISO 639-1. */
export const languages = ['en', 'de', 'fr', 'es', 'nb', 'ja'] as const

export type Language = (typeof languages)[number]

const rules: Readonly<Record<Language, readonly Rules[]>> = {
  en: [chat, answers, office, technical, business],
  de: [german],
  fr: [french],
  es: [spanish],
  nb: [norwegian],
  ja: [japanese],
}

const read = new Map<Language, Grammar>()

/** The phrases of a language, which is read when somebody first writes in it. */
export function grammarOf(language: Language): Grammar {
  const known = read.get(language)
  if (known) return known
  const grammar = new Grammar(structure, code, { given: names[language].given.split(/\s+/).join(' ¦ ') }, ...rules[language])
  read.set(language, grammar)
  return grammar
}
