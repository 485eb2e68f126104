import type { Layer } from '../sheet/stack.ts'
import { othersColor, seriesColor } from '../theme.ts'

/** A family has its colour on every page and in every range. Those that most companies have beside each other come first and differ most. */
const known = [
  ...['GPT-5', 'GPT-4o', 'Claude Sonnet', 'o3', 'GPT-4o mini', 'GPT-4'],
  ...['Claude Opus', 'GPT-4.1', 'GPT-3.5', 'o1', 'o4-mini', 'Gemini Pro'],
  ...['GPT-4 Turbo', 'Claude Haiku', 'Codex', 'GPT-4.5', 'Gemini Flash', 'Llama'],
  ...['Claude', 'Gemini', 'Mistral', 'DeepSeek', 'Qwen', 'Grok'],
]

export function familyColor({ key }: Pick<Layer, 'key'>): string {
  const place = key === null ? -1 : known.indexOf(key)
  return place < 0 ? othersColor : seriesColor(place)
}
