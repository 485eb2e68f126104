import { type Distance, distanceOf, type Shape, shapeOf, type Timeline } from '../../server/simulate/distribution.ts'
import { realDays, realTimeline } from '../../server/simulate/real-timeline.ts'
import { simulatedTimeline } from '../../server/simulate/simulated-timeline.ts'
import type { Bench, Line, Row } from '../line.ts'

/** How close a simulated company comes to real conversations: the same figures of both, and the distances between them. */
export const timeline: Line = {
  name: 'timeline',
  about: 'how far a simulated company is from a real timeline: daily volume, turns',
  run,
}

async function run(bench: Bench): Promise<Row[]> {
  const real = realTimeline()
  if (!real) {
    bench.say('the real timeline (../shared/data/codechat-timeline) is not here: nothing to compare with')
    return []
  }
  bench.say('planning companies')
  const seeds = bench.quick ? ['1'] : ['1', '2', '3', '4', '5']
  const simulated = seeds.map((seed) => simulatedTimeline({ seed, people: 600, ...realDays }))
  return [...figures(real, simulated), ...distances(real, simulated)]
}

const against = 'the same of 55,964 real conversations of a public chat service'

function figures(real: Timeline, simulated: readonly Timeline[]): Row[] {
  const theirs = shapeOf(real)
  const ours = simulated.map(shapeOf)
  const row = (name: string, unit: string, figure: (shape: Shape) => number): Row => ({
    ...{ name: `timeline ${name}`, unit, measured: mean(ours.map(figure)), control: figure(theirs), against, goal: null },
  })
  return [
    row('volume, autocorrelation at 1 day', 'r', ({ autocorrelation }) => autocorrelation.lag1),
    row('volume, autocorrelation at 7 days', 'r', ({ autocorrelation }) => autocorrelation.lag7),
    row('volume, coefficient of variation', 'of mean', ({ variation }) => variation),
    row('volume, against the week around', 'of mean', ({ roughness }) => roughness),
    row('volume, part on weekends', 'share', ({ week }) => (week[5] ?? 0) + (week[6] ?? 0)),
    row('turns, mean', 'turns', ({ turns }) => turns.mean),
    row('turns, p50', 'turns', ({ turns }) => turns.p50),
    row('turns, p90', 'turns', ({ turns }) => turns.p90),
    row('turns, p99', 'turns', ({ turns }) => turns.p99),
  ]
}

/** Goals for what is meant to be alike; a company's week and the rise and fall of one service are not. */
function distances(real: Timeline, simulated: readonly Timeline[]): Row[] {
  const all = simulated.map((one) => distanceOf(real, one))
  const row = (name: string, figure: (distance: Distance) => number, atMost: number | null): Row => ({
    ...{ name: `timeline distance, ${name}`, unit: 'distance', measured: mean(all.map(figure)), control: null, against: null },
    goal: atMost === null ? null : { of: 'measured', atMost },
  })
  return [
    row('turns (Kolmogorov–Smirnov)', ({ turns }) => turns.kolmogorovSmirnov, 0.02),
    row('turns, mean', ({ turns }) => turns.mean, 0.1),
    row('autocorrelation at 1 day', ({ autocorrelation }) => autocorrelation.lag1, 0.1),
    row('autocorrelation at 7 days', ({ autocorrelation }) => autocorrelation.lag7, 0.15),
    row('against the week around', ({ roughness }) => roughness, 0.06),
    row('coefficient of variation', ({ variation }) => variation, null),
    row('profile of the week', ({ week }) => week, null),
  ]
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
