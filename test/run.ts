// `npm test`: vitest's own command line, in this process, with a closing line whatever happens.
import { closeWithoutReporter } from './closing-line.ts'

closeWithoutReporter()
await import(new URL('../node_modules/vitest/vitest.mjs', import.meta.url).href)
