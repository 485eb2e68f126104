import { type Topic, taskLeanings, taskShares, tasks } from './words/tasks.ts'

/** The chat products that a simulated company uses. A department uses one of them: people are known to their source. */
export const sources = ['chatgpt', 'claude', 'open-webui'] as const
export type Source = (typeof sources)[number]

export interface Department {
  readonly name: string
  readonly topic: Topic
  readonly source: Source
  /** Its part of the staff. */
  readonly weight: number
  readonly onboardingRoles: readonly string[]
}

export const departments: readonly Department[] = [
  {
    name: 'Sales',
    topic: 'sales',
    source: 'chatgpt',
    weight: 16,
    onboardingRoles: ['Account executive', 'Sales manager', 'Sales operations'],
  },
  {
    name: 'Customer Support',
    topic: 'customer support',
    source: 'chatgpt',
    weight: 14,
    onboardingRoles: ['Support agent', 'Team lead', 'Knowledge manager'],
  },
  {
    name: 'Marketing',
    topic: 'marketing',
    source: 'chatgpt',
    weight: 10,
    onboardingRoles: ['Content manager', 'Brand manager', 'Analyst'],
  },
  { name: 'Finance', topic: 'finance', source: 'chatgpt', weight: 9, onboardingRoles: ['Controller', 'Accountant', 'Analyst'] },
  { name: 'Operations', topic: 'operations', source: 'chatgpt', weight: 10, onboardingRoles: ['Planner', 'Buyer', 'Logistics manager'] },
  { name: 'People', topic: 'HR', source: 'chatgpt', weight: 6, onboardingRoles: ['Recruiter', 'HR partner'] },
  { name: 'Legal', topic: 'legal', source: 'chatgpt', weight: 4, onboardingRoles: ['Counsel', 'Paralegal', 'Privacy officer'] },
  { name: 'Product', topic: 'product', source: 'claude', weight: 7, onboardingRoles: ['Product manager', 'Designer', 'Researcher'] },
  {
    name: 'Engineering',
    topic: 'engineering',
    source: 'claude',
    weight: 18,
    onboardingRoles: ['Developer', 'Tester', 'Site reliability engineer'],
  },
  {
    name: 'Research',
    topic: 'research and education',
    source: 'open-webui',
    weight: 6,
    onboardingRoles: ['Scientist', 'Data scientist', 'Lab manager'],
  },
]

/** How likely each task is among the people of a department. */
export const taskWeights: readonly (readonly number[])[] = departments.map(({ topic }) =>
  tasks.map((task, i) => (taskShares[i] ?? 0) * (taskLeanings[topic][task] ?? 1)),
)
