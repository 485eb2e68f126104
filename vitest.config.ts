import { defineConfig } from 'vitest/config'
import { ClosingLine } from './test/closing-line.ts'

export default defineConfig({
  test: {
    include: ['{contract,server,web,test,bench,scripts}/**/*.test.{ts,tsx}'],
    setupFiles: ['test/setup.ts'],
    // Processes, not threads: the embedded engine crashes in a worker thread.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    reporters: ['default', new ClosingLine()],
  },
})
