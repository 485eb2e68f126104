import fc from 'fast-check'
import { expect, test } from 'vitest'
import { citedUrls } from './citations.ts'
import { contentOf } from './content.ts'

test.each([
  [
    'text',
    { parts: ['Hi', ''] },
    [
      { type: 'text', text: 'Hi' },
      { type: 'text', text: '' },
    ],
    {},
  ],
  [
    'code',
    { language: 'python', text: '6*7', response_format_name: null },
    [{ type: 'code', language: 'python', text: '6*7' }],
    { response_format_name: null },
  ],
  ['execution_output', { text: '42' }, [{ type: 'tool_result', name: 'tool', content: '42' }], {}],
  [
    'tether_browsing_display',
    { result: 'found', summary: 'short', assets: [] },
    [
      { type: 'tool_result', name: 'tool', content: 'found' },
      { type: 'text', field: 'summary', text: 'short' },
    ],
    { assets: [] },
  ],
  [
    'system_error',
    { name: 'Timeout', text: 'too slow' },
    [{ type: 'tool_result', name: 'tool', content: 'too slow', is_error: true }],
    { name: 'Timeout' },
  ],
  [
    'tether_quote',
    { url: 'https://a.example', domain: 'a', title: 't', text: 'said' },
    [{ type: 'text', field: 'text', text: 'said' }],
    { url: 'https://a.example', domain: 'a', title: 't' },
  ],
  [
    'sonic_webpage',
    { url: 'https://a.example', text: 'page', snippet: 'bit' },
    [
      { type: 'text', field: 'text', text: 'page' },
      { type: 'text', field: 'snippet', text: 'bit' },
    ],
    { url: 'https://a.example' },
  ],
  [
    'user_editable_context',
    { user_profile: 'me', user_instructions: 'be brief' },
    [
      { type: 'text', field: 'user_profile', text: 'me' },
      { type: 'text', field: 'user_instructions', text: 'be brief' },
    ],
    {},
  ],
  [
    'model_editable_context',
    { model_set_context: '1. likes tea' },
    [{ type: 'text', field: 'model_set_context', text: '1. likes tea' }],
    {},
  ],
  [
    'thoughts',
    { thoughts: [{ summary: 's', content: 'c', chunks: [], finished: true }], source: 'x' },
    [{ type: 'thinking', summary: 's', text: 'c', chunks: [], finished: true }],
    { source: 'x' },
  ],
  ['thoughts', { parts: ['hm'] }, [{ type: 'thinking', text: 'hm' }], {}],
  ['reasoning_recap', { content: 'Thought for 2s' }, [{ type: 'thinking', text: 'Thought for 2s' }], {}],
])('%s becomes parts, and the rest of it is kept', (content_type, body, parts, rest) => {
  expect(contentOf({ content_type, ...body }, 'tool')).toEqual({ parts, rest: { content_type, ...rest } })
})

test('pictures, sound and calls point at their files', () => {
  const image = { content_type: 'image_asset_pointer', asset_pointer: 'file-service://file-abc', width: 8 }
  const sound = { content_type: 'audio_asset_pointer', asset_pointer: 'sediment://file_0001', format: 'wav' }
  const call = {
    content_type: 'real_time_user_audio_video_asset_pointer',
    frames_asset_pointers: [image],
    video_container_asset_pointer: null,
    audio_asset_pointer: sound,
  }
  const { parts } = contentOf(
    {
      content_type: 'multimodal_text',
      parts: ['look', image, sound, call, { content_type: 'audio_transcription', text: 'hello', direction: 'in' }],
    },
    undefined,
  )
  expect(parts).toEqual([
    { type: 'text', text: 'look' },
    { ...image, type: 'image', file_id: 'file-abc' },
    { ...sound, type: 'audio', file_id: 'file_0001' },
    { ...call, type: 'audio', file_id: 'file_0001' },
    { type: 'text', content_type: 'audio_transcription', text: 'hello', direction: 'in' },
  ])
})

test.each([
  [{ content_type: 'from_the_future', parts: ['x'], more: 1 }],
  [{ content_type: 'text' }],
  [{ content_type: 'code', text: 7 }],
  [{ parts: ['no type'] }],
  ['a bare string'],
])('what is not known is kept as it is: %j', (content) => {
  expect(contentOf(content, undefined)).toEqual({ parts: [{ type: 'raw', value: content }] })
})

test('no content is no parts', () => {
  expect(contentOf(undefined, undefined)).toEqual({ parts: [] })
  expect(contentOf(null, undefined)).toEqual({ parts: [], rest: null })
})

test('no text of a message is lost or kept twice, whatever its parts are', () => {
  const part = fc.oneof(
    fc.string(),
    fc.jsonValue(),
    fc.record(
      {
        content_type: fc.constantFrom('image_asset_pointer', 'audio_transcription', 'other'),
        asset_pointer: fc.string(),
        text: fc.string(),
        type: fc.string(),
      },
      { requiredKeys: ['content_type'] },
    ),
  )
  fc.assert(
    fc.property(fc.array(part), fc.constantFrom('text', 'multimodal_text'), (parts, content_type) => {
      const content = JSON.parse(JSON.stringify({ content_type, parts }))
      const read = contentOf(content, undefined)
      const back = read.parts.map(({ type, file_id, ...rest }) =>
        type === 'raw' ? rest.value : type === 'text' && !('content_type' in rest) ? rest.text : rest,
      )
      expect(back).toEqual(content.parts)
      expect(read.rest).toEqual({ content_type })
    }),
  )
})

test('addresses that a message quotes, of all three generations, come once each', () => {
  const urls = citedUrls({
    content: { content_type: 'tether_quote', url: 'https://a.example', text: 'x' },
    metadata: {
      citations: [{ metadata: { url: 'https://b.example' } }, { invalid_reason: 'x' }],
      content_references: [
        { type: 'webpage', url: 'https://b.example' },
        { type: 'sources_footnote', sources: [{ url: 'https://c.example' }] },
        { items: [{ url: 'https://d.example', supporting: [{ url: 'javascript:x' }] }] },
      ],
      _cite_metadata: { metadata_list: [{ url: 'https://a.example' }, { url: 'https://e.example' }] },
      search_result_groups: [{ entries: [{ url: 'https://only-searched.example' }] }],
    },
  })
  expect(urls).toEqual(['https://a.example', 'https://b.example', 'https://c.example', 'https://d.example', 'https://e.example'])
})
