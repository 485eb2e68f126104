/** What people ask a chat for, in the words of task insights. */
export const tasks = [
  'writing and editing',
  'summarising',
  'translation',
  'coding and debugging',
  'data analysis',
  'research and information seeking',
  'learning and tutoring',
  'planning and ideation',
  'decision support',
  'extraction and formatting',
  'image and media creation',
  'self-expression and small talk',
  'other',
] as const

export type Task = (typeof tasks)[number]

/** What they ask about. */
export const topics = [
  'engineering',
  'IT',
  'sales',
  'marketing',
  'customer support',
  'finance',
  'HR',
  'legal',
  'operations',
  'product',
  'design',
  'research and education',
  'health',
  'general',
] as const

export type Topic = (typeof topics)[number]

/**
 * How often each task comes, in the order of `tasks`: the spread of a pool of 20,000 public prompts whose sources name a task, with the
 * image captions, the dialogues of small talk and the search questions it was filled up with brought down to what an office shows.
 */
export const taskShares: readonly number[] = [196, 92, 48, 158, 94, 138, 62, 58, 48, 44, 24, 24, 14]

/** How much likelier a task is among people of a topic. */
export const taskLeanings: Readonly<Record<Topic, Partial<Record<Task, number>>>> = {
  engineering: { 'coding and debugging': 3.5, 'learning and tutoring': 1.3, 'writing and editing': 0.5, translation: 0.4 },
  IT: { 'coding and debugging': 2, 'extraction and formatting': 1.5, 'research and information seeking': 1.2, translation: 0.5 },
  sales: { 'writing and editing': 1.8, summarising: 1.3, 'planning and ideation': 1.3, 'coding and debugging': 0.05 },
  marketing: { 'writing and editing': 1.9, 'image and media creation': 4, 'planning and ideation': 1.6, 'coding and debugging': 0.1 },
  'customer support': { 'writing and editing': 1.6, summarising: 1.6, translation: 2.5, 'coding and debugging': 0.1 },
  finance: { 'data analysis': 3, 'extraction and formatting': 2, 'coding and debugging': 0.25, 'image and media creation': 0.1 },
  HR: { 'writing and editing': 1.7, 'planning and ideation': 1.4, 'decision support': 1.3, 'coding and debugging': 0.05 },
  legal: { summarising: 2.2, 'extraction and formatting': 1.8, 'decision support': 1.6, 'coding and debugging': 0.02, translation: 1.5 },
  operations: { 'data analysis': 1.6, 'planning and ideation': 1.6, 'extraction and formatting': 1.6, 'coding and debugging': 0.3 },
  product: { 'planning and ideation': 1.8, 'decision support': 1.6, summarising: 1.4, 'coding and debugging': 0.5 },
  design: { 'image and media creation': 9, 'planning and ideation': 1.5, 'coding and debugging': 0.4 },
  'research and education': { 'research and information seeking': 2, 'learning and tutoring': 2.5, 'data analysis': 1.3 },
  health: { 'research and information seeking': 1.7, summarising: 1.4, 'learning and tutoring': 1.4, 'coding and debugging': 0.1 },
  general: { 'self-expression and small talk': 4, 'planning and ideation': 1.3, other: 2, 'coding and debugging': 0.3 },
}
