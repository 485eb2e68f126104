import type { Random } from '../random.ts'
import type { Matter } from './grammar.ts'
import { grammarOf, type Language } from './languages.ts'
import { type Task, type Topic, taskLeanings, tasks, topics } from './tasks.ts'

/** What one conversation is about; with it, everything said in it names the same thing. */
export function matterOf(random: Random, language: Language, of: { readonly task: Task; readonly topic: Topic }): Matter {
  return { ...of, thing: grammarOf(language).say(random, 'matter', { ...of, thing: '' }) }
}

/** What a text is to be about: a task alone leaves the topic to chance. */
export type Subject = Task | Matter

function matter(random: Random, language: Language, subject: Subject): Matter {
  if (typeof subject !== 'string') return subject
  return matterOf(random, language, { task: subject, topic: random.pick(likely.get(subject) ?? topics) })
}

/** The topics a task is not unusual for. */
const likely = new Map(tasks.map((task) => [task, topics.filter((topic) => (taskLeanings[topic][task] ?? 1) >= 0.3)]))

const saying = (rule: string) => (random: Random, language: Language, subject: Subject) =>
  grammarOf(language).say(random, rule, matter(random, language, subject))

/** The first thing a person asks: mostly a line or two, now and then with limits, context or pasted text. */
export const promptWords = saying('prompt')

/** What a person asks next. */
export const followUpWords = saying('follow up')

/** What a model answers: paragraphs, lists, tables and code, as the task wants it. */
export const answerWords = saying('answered')

/** What a model thinks before it answers. */
export const thinkingWords = saying('thinking')

export const titleWords = saying('title')
