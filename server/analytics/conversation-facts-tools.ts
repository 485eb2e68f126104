/** Names of tools as exports print them, by the name at the source. `docs/metrics.md` says what one message of each means. */
const printed: Readonly<Record<string, string>> = {
  bio: 'Memory',
  memory: 'Memory',
  web: 'Search',
  browser: 'Search',
  search: 'Search',
  web_search: 'Search',
  python: 'Data analysis',
  code_interpreter: 'Data analysis',
  dalle: 'DALL·E',
  image_gen: 'Image Gen',
  imagegen: 'Image Gen',
  t2uay3k: 'Image Gen',
  canmore: 'Canvas',
  file_search: 'Retrieval',
  retrieval: 'Retrieval',
  myfiles_browser: 'Legacy search',
  research_kickoff_tool: 'Deep research',
  deep_research: 'Deep research',
  gizmo_editor: 'GPT Editor',
  automations: 'Tasks',
  codex: 'Code',
}

export const unknownTool = 'unknown'

/** `canmore.create_textdoc` is a call of `canmore`; unknown tools keep their own name. */
export function toolName(source: string | undefined): string {
  if (source === undefined || source === '') return unknownTool
  const known = printedOf(source) ?? printedOf(source.split('.', 1)[0] ?? '')
  // A custom GPT's own action is named after the host it calls.
  return known ?? (/__jit_plugin\b/.test(source) ? 'GPT External API Actions' : source)
}

const printedOf = (name: string) => (Object.hasOwn(printed, name) ? printed[name] : undefined)
