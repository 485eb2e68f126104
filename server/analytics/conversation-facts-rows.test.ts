import { describe, expect, test } from 'vitest'
import { dayOf, text } from './conversation-facts-rows.ts'
import { toolName } from './conversation-facts-tools.ts'

test.each([
  ['bio', 'Memory'],
  ['web', 'Search'],
  ['web.run', 'Search'],
  ['browser', 'Search'],
  ['python', 'Data analysis'],
  ['dalle.text2im', 'DALL·E'],
  ['t2uay3k.sj1i4kz', 'Image Gen'],
  ['image_gen.text2im', 'Image Gen'],
  ['canmore.create_textdoc', 'Canvas'],
  ['file_search', 'Retrieval'],
  ['myfiles_browser', 'Legacy search'],
  ['gizmo_editor', 'GPT Editor'],
  ['api_example_com__jit_plugin.getOrders', 'GPT External API Actions'],
  ['our_own_tool', 'our_own_tool'],
  ['constructor', 'constructor'],
  ['', 'unknown'],
])('the tool %s is printed as %s', (source, printed) => {
  expect(toolName(source)).toBe(printed)
})

describe('a line', () => {
  test('escapes what would end a field or a row', () => {
    expect(text("a\tb\nc\\d'e\0")).toBe("a\\tb\\nc\\\\d\\'e\\0")
    expect(text('plain, with “quotes” and ü')).toBe('plain, with “quotes” and ü')
  })

  test('has the UTC day of its second', () => {
    expect([0, 86_399, 86_400, 1_709_251_199, 1_709_251_200, 4_294_967_295].map(dayOf)).toEqual([
      '1970-01-01',
      '1970-01-01',
      '1970-01-02',
      '2024-02-29',
      '2024-03-01',
      '2106-02-07',
    ])
  })
})
