import type { Source } from './departments.ts'

/** Models and tools, with the names that are counted: the generator's own statement of them, which the product's tables are checked against. */

export interface Model {
  readonly slug: string
  readonly family: string
  readonly source: Source
  /** How much it is used, early and late in the history: newer models take over. */
  readonly early: number
  readonly late: number
  readonly thinks: boolean
}

export const models: readonly Model[] = [
  { slug: 'gpt-4o', family: 'GPT-4o', source: 'chatgpt', early: 60, late: 12, thinks: false },
  { slug: 'gpt-4o-mini', family: 'GPT-4o mini', source: 'chatgpt', early: 14, late: 4, thinks: false },
  { slug: 'o3', family: 'o3', source: 'chatgpt', early: 12, late: 6, thinks: true },
  { slug: 'gpt-4.1', family: 'GPT-4.1', source: 'chatgpt', early: 10, late: 8, thinks: false },
  { slug: 'gpt-5', family: 'GPT-5', source: 'chatgpt', early: 4, late: 70, thinks: true },
  { slug: 'claude-3-5-sonnet-20241022', family: 'Claude Sonnet', source: 'claude', early: 55, late: 5, thinks: false },
  { slug: 'claude-sonnet-4-20250514', family: 'Claude Sonnet', source: 'claude', early: 30, late: 60, thinks: true },
  { slug: 'claude-opus-4-20250514', family: 'Claude Opus', source: 'claude', early: 10, late: 25, thinks: true },
  { slug: 'claude-3-5-haiku-20241022', family: 'Claude Haiku', source: 'claude', early: 5, late: 10, thinks: false },
  { slug: 'llama3.1:70b', family: 'Llama', source: 'open-webui', early: 60, late: 30, thinks: false },
  { slug: 'qwen2.5-coder:32b', family: 'Qwen', source: 'open-webui', early: 25, late: 40, thinks: false },
  { slug: 'mistral-small:24b', family: 'Mistral', source: 'open-webui', early: 10, late: 25, thinks: false },
  { slug: 'company-assistant-v2', family: 'Other', source: 'open-webui', early: 5, late: 5, thinks: false },
]

export interface Tool {
  /** As the source calls it. */
  readonly name: string
  /** As it is counted. */
  readonly printed: string
  readonly source: Source
  readonly weight: number
  /** Its result stands inside the answer, not in a message of its own. */
  readonly inside: boolean
  /** Its messages are not shown. */
  readonly hidden: boolean
}

export const tools: readonly Tool[] = [
  { name: 'web', printed: 'Search', source: 'chatgpt', weight: 40, inside: false, hidden: false },
  { name: 'python', printed: 'Data analysis', source: 'chatgpt', weight: 18, inside: false, hidden: false },
  { name: 'canmore.create_textdoc', printed: 'Canvas', source: 'chatgpt', weight: 10, inside: false, hidden: false },
  { name: 'image_gen.text2im', printed: 'Image Gen', source: 'chatgpt', weight: 4, inside: false, hidden: false },
  { name: 'file_search', printed: 'Retrieval', source: 'chatgpt', weight: 12, inside: false, hidden: true },
  { name: 'bio', printed: 'Memory', source: 'chatgpt', weight: 8, inside: false, hidden: false },
  {
    name: 'research_kickoff_tool.start_research_task',
    printed: 'Deep research',
    source: 'chatgpt',
    weight: 3,
    inside: false,
    hidden: false,
  },
  { name: 'automations', printed: 'Tasks', source: 'chatgpt', weight: 2, inside: false, hidden: false },
  {
    name: 'orders_example_com__jit_plugin.getOrder',
    printed: 'GPT External API Actions',
    source: 'chatgpt',
    weight: 0,
    inside: false,
    hidden: false,
  },
  { name: 'web_search', printed: 'Search', source: 'claude', weight: 45, inside: true, hidden: false },
  { name: 'code_interpreter', printed: 'Data analysis', source: 'claude', weight: 20, inside: true, hidden: false },
  { name: 'artifacts', printed: 'artifacts', source: 'claude', weight: 35, inside: true, hidden: false },
  { name: 'search', printed: 'Search', source: 'open-webui', weight: 60, inside: false, hidden: false },
  { name: 'lab_inventory', printed: 'lab_inventory', source: 'open-webui', weight: 40, inside: false, hidden: false },
]

export const toolNamed = (name: string) => tools.findIndex((tool) => tool.name === name)
/** The tool of custom GPTs that call a server of the company's own. */
export const actionTool = toolNamed('orders_example_com__jit_plugin.getOrder')
