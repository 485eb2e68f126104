import { rmSync } from 'node:fs'
import { gone, processesIn, signalAll } from './processes.ts'

/**
 * Clears a temporary folder, with every process that works in it, as soon as whoever made it is gone: however it ended, for the pipe
 * between the two ends with it. In a session of its own, so that Ctrl-C does not end the one who cleans up after it.
 */
const folder = process.argv[2] ?? ''
process.stdin
  .on('end', async () => {
    for (let left = processesIn(folder); left.length > 0; left = processesIn(folder)) {
      signalAll(left, 'SIGKILL')
      await gone(left)
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  })
  .resume()
