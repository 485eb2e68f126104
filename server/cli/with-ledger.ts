import type { Context } from '../ledger/context.ts'
import { openLedger } from '../ledger/open.ts'
import { operatorContext } from '../people/operator.ts'
import { readConfig } from '../platform/config.ts'

/** Opens the ledger for one command, as the operator, and leaves everything as it was found: also when it fails or is interrupted. */
export async function withLedger<T>(work: (ctx: Context) => Promise<T>): Promise<T> {
  const ledger = await openLedger(readConfig(process.env, process.cwd()))
  const interrupted = () => void ledger.close().finally(() => process.exit(1))
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.once(signal, interrupted)
  try {
    return await work(operatorContext(ledger))
  } finally {
    for (const signal of signals) process.off(signal, interrupted)
    await ledger.close()
  }
}
