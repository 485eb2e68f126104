/** A sequence of numbers in [0, 1) that is the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export function wholeBetween(random: () => number, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1))
}

export function pick<T>(random: () => number, from: readonly T[]): T {
  const one = from[Math.floor(random() * from.length)]
  if (one === undefined) throw new Error('there is nothing to pick from')
  return one
}

/** A UUID of version 4, at random. */
export function uuidOf(random: () => number): string {
  const hex = Array.from({ length: 4 }, () =>
    Math.floor(random() * 4_294_967_296)
      .toString(16)
      .padStart(8, '0'),
  ).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
}

const words =
  `the of and to a in is that for it as was with be by on not he his but at are this have from or had an they which you were her all
  she there would their we him been has when who will no more if out so up said what its about than into them can only other time new
  some could these two may first then do any like my now over such our man me even most made after also did many off before must well
  back through years much where your way down should because long each just state those people too little good world make very year
  still see own work men day get here old life both between being three under last never know same another while us might great go
  come right since against himself take used few house use during without again home around small however found part school thought
  went say general once high upon every left always away something fact though water less public put think almost hand enough far head
  yet better display government system set told nothing night end why called find going look asked later knew point next program city
  business group toward young days let room word social order second several others possible rather face large interest among case`
    .split(/\s+/)
    .filter(Boolean)

/** Text to cut pieces from, with the quotes, line breaks and wider letters that JSON and UTF-8 make longer now and then. */
function prose(random: () => number, length: number): string {
  const parts: string[] = []
  for (let size = 0; size < length; ) {
    const turn = random()
    const part = (turn < 0.01 ? '\n\n' : turn < 0.015 ? ' "quoted" ' : turn < 0.02 ? ' Zürich – naïve ' : ' ') + pick(random, words)
    parts.push(part)
    size += part.length
  }
  return parts.join('')
}

const stock = prose(randomFrom(1), 2_000_000)

/** So many characters of text. */
export function textOf(random: () => number, length: number): string {
  const start = Math.floor(random() * (stock.length - length))
  return stock.slice(start, start + length)
}
