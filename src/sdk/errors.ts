/**
 * The two ways work can fail at run time. Text: action, object, reason, lower case
 * ("cannot connect to tempo:4317: connection refused"). `cause` keeps the original.
 */

/**
 * What a failure said about itself in gRPC's terms; kept so that a sender hears the backend's own
 * code.
 */
export interface FailureOptions {
  readonly cause?: unknown
  /** A google.rpc.Code (0-16) that came from the far side. */
  readonly code?: number
}

/** Trying again cannot help: the data is refused for good. */
export class Permanent extends Error {
  override readonly name = 'Permanent'
  readonly code: number | undefined

  constructor(message: string, options: FailureOptions = {}) {
    super(message, { cause: options.cause })
    this.code = options.code
  }
}

/** Trying again later may help. Nothing was taken over: the data is still the caller's. */
export class Retryable extends Error {
  override readonly name = 'Retryable'
  readonly code: number | undefined
  /** The least time to wait before the next try, in milliseconds. */
  readonly retryAfterMs: number | undefined

  constructor(message: string, options: FailureOptions & { readonly retryAfterMs?: number } = {}) {
    super(message, { cause: options.cause })
    this.code = options.code
    this.retryAfterMs = options.retryAfterMs
  }
}

/** True for the two kinds a component may reject with; anything else is a bug. */
export function isExpected(error: unknown): error is Permanent | Retryable {
  return error instanceof Permanent || error instanceof Retryable
}

/**
 * What the sender of several parts is to hear: undefined when all went well, else a failure that
 * may be tried again where there is one. What is refused for good is refused again then.
 */
export function failureOf(outcomes: readonly PromiseSettledResult<unknown>[]): unknown {
  const reasons = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
  return reasons.find((reason) => reason instanceof Retryable) ?? reasons[0]
}

/** What the system calls a failure, such as "ENOENT"; of what the failure was made from, too. */
export function systemCodeOf(error: unknown): string | undefined {
  const origin = isExpected(error) ? error.cause : error
  return ((origin ?? {}) as NodeJS.ErrnoException).code
}

/** The text of whatever was thrown, without a stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The text of a failure that others may go on after; a bug is thrown again. */
export function faultOf(error: unknown): string {
  if (!isExpected(error)) throw error
  return error.message
}

/**
 * Throws a bug (neither Permanent nor Retryable): the component that raised it is stopped and
 * restarted.
 */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`bug: ${message}`)
}
