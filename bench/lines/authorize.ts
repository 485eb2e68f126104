import { randomUUID } from 'node:crypto'
import { type Role, roles, type Scope, scopes } from '../../contract/people.ts'
import { type Actor, allows } from '../../server/ledger/context.ts'
import type { Bench, Line, Row } from '../line.ts'
import { median, percentile } from '../support/statistics.ts'

/** What it costs to decide whether somebody may, once it is known who they are: every caller there can be, for every scope. */
export const authorize: Line = {
  name: 'authorize',
  about: 'microseconds until it is decided whether a caller may, for every role and scope',
  run,
}

const workspace = null
const someone = () => ({ id: randomUUID(), name: 'somebody', workspace })

/** Keys with one scope and with all of them, one of which is switched off, and people with one role, with several and with all. */
function callers(): Actor[] {
  const key = (held: readonly Scope[], off: readonly Scope[] = []): Actor => ({
    kind: 'key',
    ...someone(),
    scopes: new Set(held),
    switchedOff: new Set(off),
  })
  const person = (held: readonly Role[]): Actor => ({ kind: 'person', ...someone(), roles: held })
  return [...scopes.map((one) => key([one])), key(scopes, ['compliance:read']), ...roles.map((one) => person([one])), person(roles)]
}

/** One decision is too short for the clock: it is timed by the round of all of them. */
async function run(bench: Bench): Promise<Row[]> {
  const asking = callers()
  const decisions = asking.length * scopes.length
  const timed = (decide: (actor: Actor, scope: Scope) => boolean): number => {
    let allowed = 0
    const started = performance.now()
    for (const actor of asking) for (const scope of scopes) if (decide(actor, scope)) allowed++
    const taken = performance.now() - started
    if (allowed === 0 || allowed === decisions) throw new Error('everybody was told the same')
    return (taken * 1000) / decisions
  }
  const rounds = bench.quick ? 2000 : 20_000
  bench.say('decisions')
  for (let i = 0; i < 500; i++) timed(allows)
  const ours = Array.from({ length: rounds }, () => timed(allows))
  const unit = 'µs'
  const against = null
  const goal = { of: 'measured', atMost: 50 } as const
  return [
    { name: 'authorization, p50', unit, measured: median(ours), control: null, against, goal },
    { name: 'authorization, p99', unit, measured: percentile(ours, 0.99), control: null, against, goal },
  ]
}
