import { Command, CommanderError } from 'commander'
import packageJson from '../package.json' with { type: 'json' }
import { deadLetterCommands } from './cli/dead-letters.ts'
import { importCommand } from './cli/imports.ts'
import { keyCommands } from './cli/keys.ts'
import { personCommands } from './cli/people.ts'
import { say, sayJson } from './cli/say.ts'
import { serverCommands } from './cli/server.ts'
import { workspaceCommands } from './cli/workspaces.ts'
import { OperatorError, Refusal } from './platform/refusal.ts'

/** Every subcommand. Exit codes: 0 done, 1 failed, 2 wrong usage. */
function commands(): Command {
  const daybook = new Command('daybook')
    .description(packageJson.description)
    .version(packageJson.version)
    .exitOverride()
    .showHelpAfterError('("daybook <command> --help" says how a command is used)')
    .helpCommand(false)
    .addHelpText('after', '\nThe environment it reads, and everything else for operators: docs/operate.md')
  serverCommands(daybook)
  workspaceCommands(daybook)
  keyCommands(daybook)
  personCommands(daybook)
  importCommand(daybook)
  deadLetterCommands(daybook)
  return daybook
}

/** Says what went wrong in words for people, and returns the exit code. */
function failed(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : explain('wrong_usage', error.message, 2)
  if (!(error instanceof OperatorError || error instanceof Refusal)) {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return explain('internal_error', 'something went wrong on our side', 1)
  }
  say(`daybook: ${error.message}`)
  const code = error instanceof Refusal ? error.code : 'failed'
  return explain(code, error.message, code === 'bad_request' ? 2 : 1)
}

/** A script that asked for JSON gets one document in any case. */
function explain(code: string, message: string, exitCode: number): number {
  if (process.argv.includes('--json')) sayJson({ error: { code, message } })
  return exitCode
}

try {
  await commands().parseAsync()
} catch (error) {
  process.exitCode = failed(error)
}
