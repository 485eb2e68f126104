import { expect, test } from 'vitest'
import { everything, isNarrowed, lettersAddress, printLetterView, readLetterView } from './letter-view.ts'
import { spanWords } from './words.ts'

test('a link to refusals says what was chosen, and reads as what it says', () => {
  const view = { code: 'bad_field', source: 'claude', via: 'http', after: 40 }
  expect(readLetterView(printLetterView(view))).toEqual(view)
  expect(printLetterView(everything)).toEqual({})
  expect(readLetterView({})).toEqual(everything)
  expect([isNarrowed(view), isNarrowed({ ...everything, after: 9 })]).toEqual([true, false])
  expect(lettersAddress(view, 'w')).toBe('/api/dead-letters?workspace_id=w&code=bad_field&source=claude&via=http&after=40&limit=20')
})

test('a place that is none is the beginning', () => {
  for (const after of ['-3', '1.5', 'soon', '1e99', '']) expect(readLetterView({ after }).after).toBe(0)
})

test('a span is said in the largest unit that there are two of', () => {
  expect([30, 60, 150, 5400, 30 * 3600, 3 * 86_400, 716 * 86_400, 900 * 86_400].map(spanWords)).toEqual([
    'less than a minute',
    'a minute',
    '2 minutes',
    '90 minutes',
    '30 hours',
    '3 days',
    '23 months',
    '2 years',
  ])
})
