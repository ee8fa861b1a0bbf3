import type { Diagnostic, Span } from '#grammar'
import { diagnose } from '#grammar'

/**
 * Leads from an expression to the part of it that is wrong: its operand, argument or item by number
 * (`value[index]` has two), the field of an object by name.
 */
export type FaultPath = readonly (number | string)[]

/** Something is wrong with a value, and `evaluate` knows where it was written. */
export class Fault extends Error {
  override readonly name = 'Fault'
  readonly path: FaultPath
  readonly raise: (at: Span) => Diagnostic

  constructor(path: FaultPath, raise: (at: Span) => Diagnostic) {
    super('a fault that evaluate turns into a diagnostic')
    this.path = path
    this.raise = raise
  }
}

/** For what has no code of its own. The message must hold nothing that may be secret. */
export function failure(path: FaultPath, message: string, help?: string): Fault {
  return new Fault(path, (at) => diagnose('expression-failed', at, { message, help }))
}
