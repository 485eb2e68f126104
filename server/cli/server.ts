import { resolve } from 'node:path'
import type { Command } from 'commander'
import { readConfig } from '../platform/config.ts'

interface Options {
  readyFile?: string
}

export function serverCommands(daybook: Command): void {
  daybook
    .command('serve')
    .description('run the server; SIGTERM drains and stops it')
    .option('--ready-file <file>', 'write this file, whole or not at all, once it can serve')
    .action((options: Options) => run(options, false))
  daybook
    .command('demo')
    .description('run the server on ./data-demo with a sample of real chats and keys to try')
    .option('--ready-file <file>', 'write this file, whole or not at all, once it can serve')
    .action((options: Options) => run(options, true))
}

async function run({ readyFile }: Options, demo: boolean): Promise<void> {
  const config = readConfig(process.env, process.cwd(), demo ? 'data-demo' : 'data')
  // The other commands do not need the server: loading it here keeps them quick.
  const { runServer } = await import('../main.ts')
  await runServer({ config, readyFile: readyFile === undefined ? null : resolve(readyFile), demo })
}
