import { randomUUID } from 'node:crypto'
import { userInfo } from 'node:os'
import type { Context, Ledger } from '../ledger/context.ts'

/** The context of whoever runs commands on the machine, and of what the server does of itself on its behalf. */
export function operatorContext(ledger: Ledger): Context {
  const name = userName()
  return { ledger, actor: { kind: 'operator', id: name, name, workspace: null }, requestId: randomUUID(), address: null }
}

/** A container may run under a number that has no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? 'operator')
  }
}
