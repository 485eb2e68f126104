import { setFlagsFromString } from 'node:v8'
import { Argument, type Command } from 'commander'
import { type ImportRequest, runImport } from '../intake/import-run.ts'
import { importSources } from '../intake/sources.ts'
import { workspaceNamed } from '../people/workspaces.ts'
import { importWords } from './import-words.ts'
import { importProgress } from './progress.ts'
import { say, sayJson } from './say.ts'
import { withLedger } from './with-ledger.ts'

interface ImportOptions {
  workspace: string
  dryRun?: boolean
  json?: boolean
}

export function importCommand(daybook: Command): void {
  daybook
    .command('import')
    .description('bring chats in; one that was broken off goes on where it was, one that is repeated changes nothing')
    .addArgument(new Argument('<source>', 'what the input is').choices(importSources.map(({ name }) => name)))
    .argument('<path...>', 'a folder, a file, a .gz or a .zip')
    .requiredOption('--workspace <workspace>', 'id or name of the workspace it goes into')
    .option('--dry-run', 'read and check everything, write nothing')
    .option('--json', 'print one JSON document that names everything that was not taken')
    .action(run)
}

async function run(source: string, paths: string[], { workspace, dryRun = false, json = false }: ImportOptions): Promise<void> {
  const from = importSources.find(({ name }) => name === source)
  if (!from) throw new Error('the argument was checked')
  keepMemorySmall()
  const progress = importProgress()
  try {
    const summary = await withLedger(async (ctx, interrupted) => {
      const into = await workspaceNamed(ctx.ledger, workspace)
      const request: ImportRequest = { from, paths, workspace: into, dryRun, nameAll: json, interrupted, onProgress: progress.step }
      return runImport(ctx, request)
    })
    progress.stop()
    if (json) sayJson(summary)
    else say(...importWords(summary, workspace))
    // Wholly refused input is a failure; single things refused are named, and the rest is in.
    if (summary.read === 0 && summary.resumed === 0 && summary.rejected_count > 0) process.exitCode = 1
  } finally {
    progress.stop()
  }
}

/**
 * Left alone, the part of memory where new objects begin grows to over a hundred megabytes under an import, full of records that are
 * long stored. At its first size it is swept more often, which costs no time that could be measured.
 */
function keepMemorySmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}
