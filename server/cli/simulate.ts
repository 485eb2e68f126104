import { type Command, InvalidArgumentError, Option } from 'commander'
import { Temporal } from 'temporal-polyfill'
import { usualMessagesPerPerson } from '../simulate/plan.ts'
import type { SimulateOptions } from './simulation.ts'
import { wholeNumber } from './whole-number.ts'

export function simulateCommand(daybook: Command): void {
  daybook
    .command('simulate')
    .description('bring a made-up company into empty workspaces; the same seed makes the same company on any machine')
    .requiredOption('--workspace <workspace...>', 'id or name of an empty or simulated workspace; each gets a company of its own')
    .requiredOption('--people <number>', 'how many people it has', wholeNumber(1, 100_000))
    .requiredOption('--days <number>', 'how many days its history has', wholeNumber(1, 4000))
    .requiredOption('--seed <seed>', 'what the company is made from')
    .option('--until <date>', 'the last day of the history; yesterday if none is given', date)
    .addOption(
      new Option('--messages-per-person <number>', 'messages of all roles that a person and a year come to')
        .argParser(wholeNumber(0, 10_000_000))
        .default(usualMessagesPerPerson),
    )
    .option('--late', 'bring what arrives later and is about the past, after the same command without it')
    .option('--answers <file>', 'write what every count must come to, as JSON')
    .option('--incidents <file>', 'write what detections must find, as JSON')
    .option('--json', 'print one JSON document')
    .action(run)
}

function date(text: string): string {
  try {
    return Temporal.PlainDate.from(text).toString()
  } catch {
    throw new InvalidArgumentError('It must be a day, such as 2026-10-25.')
  }
}

async function run(options: SimulateOptions): Promise<void> {
  // The other commands do not need the words of six languages: loading them here keeps them quick.
  const { runSimulations } = await import('./simulation.ts')
  await runSimulations(options)
}
