import { describe, expect, test } from 'vitest'
import { Random } from '../random.ts'
import { answerWords, followUpWords, matterOf, promptWords, thinkingWords, titleWords } from './chat.ts'
import { canvasWords, memoryWords, transcriptWords } from './content.ts'
import { Grammar } from './grammar.ts'
import { type Language, languages } from './languages.ts'
import { connectors, fileName, gptName, personName, projectName, skillName } from './names.ts'
import { names } from './people.ts'
import { type Task, type Topic, taskLeanings, taskShares, tasks, topics } from './tasks.ts'

const says = { promptWords, followUpWords, answerWords, thinkingWords, titleWords }

/** What is left where a phrase was not filled in. */
const unfinished = /\{[@#^a-zA-Z]+ ?[a-z]*\}(?!\()|[⏎¦‹›]|^\s*$/

describe.each(languages)('what people of a simulated company write in %s', (language) => {
  test('is finished for every task and topic', () => {
    const random = Random.of('finished', language)
    for (const task of tasks)
      for (const topic of topics)
        for (const say of Object.values(says))
          for (let i = 0; i < 5; i++) expect(say(random, language, matterOf(random, language, { task, topic }))).not.toMatch(unfinished)
    for (const say of [memoryWords, transcriptWords, gptName, projectName, skillName])
      for (let i = 0; i < 200; i++) expect(say(random, language)).not.toMatch(unfinished)
  })

  test('is the same for the same seed and another for another', () => {
    const all = (seed: number) => tasks.map((task) => Object.values(says).map((say) => say(Random.of(seed, task), language, task)))
    expect(all(1)).toEqual(all(1))
    expect(all(1)).not.toEqual(all(2))
  })

  test('hardly repeats itself in 4,000 requests of one task', () => {
    for (const task of tasks) {
      const random = Random.of('distinct', language, task)
      const requests = new Set(Array.from({ length: 4_000 }, () => promptWords(random, language, task)))
      expect(requests.size, task).toBeGreaterThan(3_900)
    }
  })

  test('tells the task and the topic by its words', () => {
    expect(guessed(language, 'task', tasks)).toBeGreaterThan(0.7)
    expect(guessed(language, 'topic', topics)).toBeGreaterThan(0.7)
  })

  test('continues a canvas from version to version', () => {
    const versions = [1, 2, 3].map((version) => canvasWords(Random.of('canvas'), language, version))
    expect(versions[1]?.startsWith(versions[0] ?? '')).toBe(true)
    expect(versions[2]?.startsWith(versions[1] ?? '')).toBe(true)
    expect(new Set(versions).size).toBe(3)
  })

  test('is signed by people whose names are drawn apart', () => {
    const random = Random.of('names', language)
    const drawn = Array.from({ length: 2_000 }, () => personName(random, language))
    expect(new Set(drawn.map(({ given, family }) => `${given} ${family}`)).size).toBeGreaterThan(1_000)
    expect(new Set(names[language].given.split(/\s+/))).toEqual(new Set(drawn.map(({ given }) => given)))
  })
})

/** The share of 700 requests whose task or topic the words of 4,000 others tell (naive Bayes; pairs of letters in Japanese). */
function guessed(language: Language, what: 'task' | 'topic', classes: readonly (Task | Topic)[]): number {
  const random = Random.of('guess', language, what)
  const sample = () => {
    const about = { task: random.pick(tasks), topic: random.pick(topics) }
    const matter = matterOf(random, language, about)
    return { is: about[what], words: wordsOf(promptWords(random, language, matter)) }
  }
  const counts = new Map<Task | Topic, Map<string, number>>(classes.map((name) => [name, new Map()]))
  for (let i = 0; i < 4_000; i++) {
    const { is, words } = sample()
    const known = counts.get(is)
    for (const word of words) known?.set(word, (known.get(word) ?? 0) + 1)
  }
  const totals = new Map([...counts].map(([name, words]) => [name, [...words.values()].reduce((sum, count) => sum + count, 0)]))
  let right = 0
  for (let i = 0; i < 700; i++) {
    const { is, words } = sample()
    const likelihood = (name: Task | Topic) => {
      const [known, total = 0] = [counts.get(name), totals.get(name)]
      return words.reduce((sum, word) => sum + Math.log(((known?.get(word) ?? 0) + 0.1) / (total + 2_000)), 0)
    }
    const scores = classes.map(likelihood)
    if (classes[scores.indexOf(Math.max(...scores))] === is) right++
  }
  return right / 700
}

function wordsOf(text: string): string[] {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? []
  return words.flatMap((word) => (/[぀-鿿]/.test(word) ? Array.from(word, (letter, i) => letter + (word[i + 1] ?? '')) : [word]))
}

describe('English', () => {
  test('answers are of 300 to 2,500 characters, 900 on average', () => {
    const random = Random.of('lengths')
    const lengths = tasks
      .flatMap((task) => Array.from({ length: 1_000 }, () => answerWords(random, 'en', task).length))
      .sort((a, b) => a - b)
    const at = (share: number) => lengths[Math.floor(share * lengths.length)] ?? 0
    expect(Math.abs(lengths.reduce((sum, length) => sum + length, 0) / lengths.length - 900)).toBeLessThan(100)
    expect(at(0.15)).toBeGreaterThan(300)
    expect(at(0.999)).toBeLessThan(2_500)
  })

  test('requests are mostly a line or two and now and then long', () => {
    const random = Random.of('lengths')
    const lengths = tasks
      .flatMap((task) => Array.from({ length: 1_000 }, () => promptWords(random, 'en', task).length))
      .sort((a, b) => a - b)
    const at = (share: number) => lengths[Math.floor(share * lengths.length)] ?? 0
    expect(at(0.5)).toBeLessThan(180)
    expect(at(0.97)).toBeGreaterThan(900)
  })

  test('programs belong to coding', () => {
    const random = Random.of('code')
    const withCode = (task: Task) =>
      Array.from({ length: 200 }, () => answerWords(random, 'en', task)).filter((text) => text.includes('```')).length
    expect(withCode('coding and debugging')).toBe(200)
    expect(withCode('writing and editing')).toBe(0)
  })
})

test('the names of files fit their task, some connectors are not approved, every task has its share', () => {
  const random = Random.of('files')
  for (let i = 0; i < 200; i++) expect(fileName(random, 'image and media creation')).toMatch(/^[a-z]+-[a-z]+(-[a-z0-9-]+)?\.(png|jpg|svg)$/)
  expect(new Set(connectors.map(({ approved }) => approved))).toEqual(new Set([true, false]))
  expect(taskShares).toHaveLength(tasks.length)
  expect(taskShares.reduce((sum, share) => sum + share, 0)).toBe(1000)
  expect(Object.keys(taskLeanings)).toEqual([...topics])
})

describe('a grammar', () => {
  const matter = { task: 'other', topic: 'health', thing: 'the thing' } as const
  const say = (rules: Record<string, string>) => new Grammar(rules).say(Random.of(1), 'start', matter)

  test('fills rules, topics, tasks, numbers, things, capitals, lines and braces', () => {
    expect(
      say({ start: '{^thing}, {^a}{@b}{#c}{7..7}⏎‹x›', a: 'é·', 'b/health': 'topic', b: 'no', c: 'any task', 'c/summarising': 'no' }),
    ).toBe('The thing, É topicany task7\n{x}')
  })

  test('takes the ways of a topic one after the other before it repeats one', () => {
    const ways = say({ start: '{@b}{@b}{@b}{@b}', b: 'w ¦ x ¦ y ¦ z' })
    expect([...ways].sort().join('')).toBe('wxyz')
  })

  test('refuses a rule that names one there is not', () => {
    expect(() => say({ start: '{missing}' })).toThrow('missing')
  })
})
