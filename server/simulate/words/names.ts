import type { Random } from '../random.ts'
import { matterOf } from './chat.ts'
import { grammarOf, type Language } from './languages.ts'
import { names } from './people.ts'
import { type Task, type Topic, topics } from './tasks.ts'

export interface PersonName {
  readonly given: string
  readonly family: string
}

const people = new Map(
  Object.entries(names).map(([language, { given, family }]) => [language, { given: given.split(/\s+/), family: family.split(/\s+/) }]),
)

/** A name as people have it who speak a language; given and family name are drawn apart. */
export function personName(random: Random, language: Language): PersonName {
  const { given = [], family = [] } = people.get(language) ?? {}
  return { given: random.pick(given), family: random.pick(family) }
}

const named = (rule: string) => (random: Random, language: Language, topic?: Topic) => {
  const of = { task: 'other', topic: topic ?? random.pick(topics) } as const
  return capital(grammarOf(language).say(random, rule, matterOf(random, language, of)))
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** A custom GPT, made for a topic or for any. */
export const gptName = named('gpt')
export const projectName = named('project')
export const skillName = named('skill')

export interface Connector {
  readonly name: string
  readonly publisher: string
  /** Whether a careful company allows it. */
  readonly approved: boolean
}

/** Apps a chat is connected to, the usual ones first; those of unknown makers are not approved. */
export const connectors: readonly Connector[] = [
  ...approved('Microsoft', 'SharePoint', 'Outlook Mail', 'Outlook Calendar', 'Teams', 'OneDrive'),
  ...approved('Google', 'Google Drive', 'Gmail', 'Google Calendar', 'BigQuery'),
  ...approved('Atlassian', 'Jira', 'Confluence'),
  ...approved('GitHub', 'GitHub'),
  ...approved('Salesforce', 'Slack', 'Salesforce'),
  ...approved('Notion Labs', 'Notion'),
  ...approved('Linear Orbit', 'Linear'),
  ...approved('HubSpot', 'HubSpot'),
  ...approved('Box', 'Box'),
  ...approved('Figma', 'Figma'),
  ...approved('Asana', 'Asana'),
  ...approved('Snowflake', 'Snowflake'),
  ...unapproved('Quickscrape', 'Any Website Reader'),
  ...unapproved('Pastely', 'Clipboard Sync'),
  ...unapproved('Inboxwiz', 'Mail Autopilot'),
  ...unapproved('Datahop', 'Free Database Bridge'),
  ...unapproved('Notefox', 'Meeting Bot'),
]

function approved(publisher: string, ...names: readonly string[]): Connector[] {
  return names.map((name) => ({ name, publisher, approved: true }))
}

function unapproved(publisher: string, ...names: readonly string[]): Connector[] {
  return names.map((name) => ({ name, publisher, approved: false }))
}

const endings: Readonly<Record<Task, readonly string[]>> = {
  'writing and editing': ['docx', 'docx', 'txt', 'md'],
  summarising: ['pdf', 'pdf', 'docx', 'txt'],
  translation: ['docx', 'txt', 'pdf'],
  'coding and debugging': ['py', 'ts', 'sql', 'log', 'json', 'zip'],
  'data analysis': ['csv', 'xlsx', 'csv', 'json'],
  'research and information seeking': ['pdf', 'docx', 'html'],
  'learning and tutoring': ['pdf', 'pptx', 'md'],
  'planning and ideation': ['pptx', 'xlsx', 'md'],
  'decision support': ['xlsx', 'pdf', 'docx'],
  'extraction and formatting': ['csv', 'pdf', 'txt', 'json'],
  'image and media creation': ['png', 'png', 'jpg', 'svg'],
  'self-expression and small talk': ['png', 'txt'],
  other: ['txt', 'pdf'],
}

const kinds = 'report draft notes export overview minutes figures plan contract list offer survey log template summary'.split(' ')
const subjects =
  'sales budget customer supplier onboarding inventory campaign roadmap payroll audit release support travel training quality'.split(' ')

/** The name of a file somebody attaches for a task: `budget-overview-2026-03.xlsx`. */
export function fileName(random: Random, task: Task): string {
  const name = `${random.pick(subjects)}-${random.pick(kinds)}`
  const mark = random.pick(['', '-final', '-v2', `-v${3 + random.int(7)}`, `-2026-0${1 + random.int(9)}`, `-${1 + random.int(400)}`])
  return `${name}${mark}.${random.pick(endings[task])}`
}
