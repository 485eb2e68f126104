import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { DemoCompany } from '../demo.ts'
import { readConfig } from '../platform/config.ts'
import { wholeNumber } from './whole-number.ts'

interface Options {
  readyFile?: string
}

export function serverCommands(daybook: Command): void {
  daybook
    .command('serve')
    .description('run the server; SIGTERM drains and stops it')
    .option('--ready-file <file>', 'write this file, whole or not at all, once it can serve')
    .action((options: Options) => run(options, null))
  daybook
    .command('demo')
    .description('run the server on ./data-demo with a sample of real chats, a simulated company and keys to try')
    .option('--ready-file <file>', 'write this file, whole or not at all, once it can serve')
    .option('--people <number>', 'how many people the simulated company has; 0: there is none', wholeNumber(0, 100_000), 300)
    .option('--days <number>', 'how many days its history has, up to yesterday', wholeNumber(1, 4000), 400)
    .option('--seed <seed>', 'what it is made from', '1')
    .action(({ people, days, seed, ...options }: Options & DemoCompany) => run(options, { people, days, seed }))
}

async function run({ readyFile }: Options, demo: DemoCompany | null): Promise<void> {
  const config = readConfig(process.env, process.cwd(), demo ? 'data-demo' : 'data')
  // The other commands do not need the server: loading it here keeps them quick.
  const { runServer } = await import('../main.ts')
  await runServer({ config, readyFile: readyFile === undefined ? null : resolve(readyFile), demo })
}
