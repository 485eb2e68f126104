/**
 * Slug → model family, as shipped: the beginning of a slug and the family it names. The longest beginning that fits wins, so
 * `gpt-4o-mini-2024-07-18` is no GPT-4o. A slug that fits none belongs to `Other`; no model known is `unknown`, which is its own family.
 */
const families: Readonly<Record<string, readonly string[]>> = {
  'GPT-3.5': ['gpt-3.5', 'gpt-35', 'text-davinci-002', 'text-davinci-003'],
  'GPT-4': ['gpt-4'],
  'GPT-4 Turbo': ['gpt-4-turbo', 'gpt-4-1106', 'gpt-4-0125'],
  'GPT-4o': ['gpt-4o', 'chatgpt-4o'],
  'GPT-4o mini': ['gpt-4o-mini'],
  'GPT-4.1': ['gpt-4.1', 'gpt-4-1'],
  'GPT-4.5': ['gpt-4.5', 'gpt-4-5'],
  'GPT-5': ['gpt-5'],
  o1: ['o1'],
  o3: ['o3'],
  'o4-mini': ['o4'],
  Codex: ['codex', 'gpt-5-codex'],
  'Claude Haiku': ['claude-3-haiku', 'claude-3-5-haiku', 'claude-3.5-haiku', 'claude-haiku', 'claude-instant'],
  'Claude Sonnet': ['claude-3-sonnet', 'claude-3-5-sonnet', 'claude-3.5-sonnet', 'claude-3-7-sonnet', 'claude-3.7-sonnet', 'claude-sonnet'],
  'Claude Opus': ['claude-3-opus', 'claude-opus'],
  Claude: ['claude'],
  'Gemini Pro': ['gemini-pro', 'gemini-1.0-pro', 'gemini-1.5-pro', 'gemini-2.0-pro', 'gemini-2.5-pro', 'gemini-3-pro'],
  'Gemini Flash': ['gemini-1.5-flash', 'gemini-2.0-flash', 'gemini-2.5-flash', 'gemini-3-flash'],
  Gemini: ['gemini'],
  Grok: ['grok'],
  Llama: ['llama', 'meta-llama', 'codellama'],
  Mistral: ['mistral', 'mixtral', 'codestral', 'ministral', 'magistral'],
  DeepSeek: ['deepseek'],
  Qwen: ['qwen', 'qwq'],
  Gemma: ['gemma'],
  Phi: ['phi'],
}

const noModel = 'unknown'
export const otherFamily = 'Other'

/** Beginnings of slugs with their family, the longest first. */
export const familyOfPrefix: readonly (readonly [string, string])[] = Object.entries(families)
  .flatMap(([family, prefixes]) => prefixes.map((prefix) => [prefix, family] as const))
  .concat([[noModel, noModel]])
  .sort(([a], [b]) => b.length - a.length || (a < b ? -1 : 1))

export const familyNames: readonly string[] = [...new Set([...familyOfPrefix.map(([, family]) => family), otherFamily])].sort()

/** Gateways put the provider before the slug (`openai/gpt-4o`). */
export function modelFamily(slug: string): string {
  const bare = slug.toLowerCase().replace(/^.*\//, '')
  return familyOfPrefix.find(([prefix]) => bare.startsWith(prefix))?.[1] ?? otherFamily
}

/**
 * The same as a pattern for the engine, whose first group is the beginning that fits: alternatives are tried in order. Applied to a
 * low-cardinality column, it is worked out once per slug and not once per row.
 */
export const familyPattern = `^(?:.*/)?(${familyOfPrefix.map(([prefix]) => prefix.replaceAll('.', '\\.')).join('|')})`
