import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { whyNoPowerLoss } from './disk.ts'

const cycles = 2
const script = fileURLToPath(new URL('power-loss.ts', import.meta.url))
const why = whyNoPowerLoss()

test.skipIf(why !== null)(
  `what was acknowledged survives a power loss, and would not without syncing${why === null ? '' : ` (not possible here: ${why})`}`,
  { timeout: 240_000 },
  () => {
    const { stdout, stderr } = spawnSync(process.execPath, [script, '--cycles', String(cycles), '--json'], { encoding: 'utf8' })
    expect(stdout, stderr).toMatch(/^\[/)
    expect(JSON.parse(stdout)).toMatchObject([
      { arm: 'as shipped', cycles, lossy: 0, examples: [] },
      { arm: 'sync off', cycles, lossy: cycles },
    ])
  },
)
