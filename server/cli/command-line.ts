import { Command, CommanderError } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { OperatorError, Refusal } from '../platform/refusal.ts'
import { deadLetterCommands } from './dead-letters.ts'
import { factsCommands } from './facts.ts'
import { importCommand } from './imports.ts'
import { keyCommands } from './keys.ts'
import { personCommands } from './people.ts'
import { say, sayJson } from './say.ts'
import { searchCommands } from './search.ts'
import { serverCommands } from './server.ts'
import { simulateCommand } from './simulate.ts'
import { workspaceCommands } from './workspaces.ts'

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
  simulateCommand(daybook)
  deadLetterCommands(daybook)
  factsCommands(daybook)
  searchCommands(daybook)
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

/** Runs the command that the process was started for, and leaves its exit code. */
export async function runCommand(): Promise<void> {
  try {
    await commands().parseAsync()
  } catch (error) {
    process.exitCode = failed(error)
  }
}
