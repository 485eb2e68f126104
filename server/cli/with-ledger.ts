import type { Context } from '../ledger/context.ts'
import { openLedger } from '../ledger/open.ts'
import { operatorContext } from '../people/operator.ts'
import { readConfig } from '../platform/config.ts'
import { OperatorError } from '../platform/refusal.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Opens the ledger for one command, as the operator, and leaves everything as it was found: also when it fails or is interrupted.
 * Long work watches `interrupted`, short work ends soon anyway; a second signal, a second later, waits for neither.
 */
export async function withLedger<T>(work: (ctx: Context, interrupted: AbortSignal) => Promise<T>): Promise<T> {
  const interruption = new AbortController()
  const letGo = () => {
    for (const signal of signals) process.off(signal, interrupt)
  }
  const interrupt = () => {
    interruption.abort(new OperatorError('interrupted; what was done is kept'))
    // A terminal interrupts npm and us, and npm passes it on: what comes at once is the same signal again.
    setTimeout(letGo, 1000).unref()
  }
  for (const signal of signals) process.on(signal, interrupt)
  try {
    const ledger = await openLedger(readConfig(process.env, process.cwd()))
    try {
      interruption.signal.throwIfAborted()
      return await work(operatorContext(ledger), interruption.signal)
    } finally {
      await ledger.close()
    }
  } finally {
    letGo()
  }
}
