import { Permanent, Retryable } from '#sdk'
import { encodeStatus, type FieldViolation, MalformedData } from '#wire'

/** google.rpc.Code, the codes of gRPC. */
export const Code = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const

const NAMES: readonly string[] = Object.keys(Code)

/** `UNAVAILABLE` for 14; a number without a name stays one. */
export function codeName(code: number): string {
  return NAMES[code] ?? `code ${code}`
}

export interface StatusOptions {
  readonly cause?: unknown
  /** RetryInfo: the sender may try again after this many milliseconds. */
  readonly retryDelayMs?: number | undefined
  /** BadRequest: what is wrong with which part of the request. */
  readonly violations?: readonly FieldViolation[]
  /** Where HTTP has a better status than the one `httpStatusOf` gives. */
  readonly httpStatus?: number
  /** Headers the answer needs, such as `allow`. */
  readonly headers?: Readonly<Record<string, string>>
}

/** What a server answers instead of a result; its text is shown to the sender. */
export class StatusError extends Error {
  override readonly name = 'StatusError'
  readonly code: number
  readonly retryDelayMs: number | undefined
  readonly violations: readonly FieldViolation[]
  readonly httpStatus: number
  readonly headers: Readonly<Record<string, string>>

  constructor(code: number, message: string, options: StatusOptions = {}) {
    super(message, { cause: options.cause })
    this.code = code
    this.retryDelayMs = options.retryDelayMs
    this.violations = options.violations ?? []
    this.httpStatus = options.httpStatus ?? httpStatusOf(code)
    this.headers = options.headers ?? {}
  }
}

/**
 * How a failure is told to the sender. A code that came from the backend is passed on; otherwise
 * Retryable is UNAVAILABLE and Permanent INTERNAL. Undefined for anything else: a bug.
 */
export function statusOf(error: unknown): StatusError | undefined {
  if (error instanceof StatusError) return error
  if (error instanceof Retryable) {
    const { code = Code.UNAVAILABLE } = error
    // Without RetryInfo, RESOURCE_EXHAUSTED would say that trying again cannot help.
    const delayMs = error.retryAfterMs ?? (code === Code.RESOURCE_EXHAUSTED ? 0 : undefined)
    return new StatusError(code, error.message, { cause: error, retryDelayMs: delayMs })
  }
  if (error instanceof Permanent) {
    return new StatusError(error.code ?? Code.INTERNAL, error.message, { cause: error })
  }
  return undefined
}

/** A hint is stretched by up to half of itself, within these bounds. */
const SPREAD_MIN_MS = 2000
const SPREAD_MAX_MS = 10_000

/**
 * The same with its hint made longer by chance, so that senders that were refused together come
 * back one after another. 0 is no hint to wait, and stays.
 */
export function spreadHint(status: StatusError, random: () => number): StatusError {
  const { code, message, retryDelayMs, violations, httpStatus, headers, cause } = status
  if (!retryDelayMs) return status
  const spread = Math.min(SPREAD_MAX_MS, Math.max(SPREAD_MIN_MS, retryDelayMs / 2))
  return new StatusError(code, message, {
    retryDelayMs: Math.round(retryDelayMs + random() * spread),
    violations,
    httpStatus,
    headers,
    cause,
  })
}

/** The error as a `google.rpc.Status` message. */
export function statusBody(encoding: 'protobuf' | 'json', status: StatusError): Uint8Array {
  const { code, message, retryDelayMs, violations } = status
  return encodeStatus(encoding, {
    code,
    message,
    violations,
    ...(retryDelayMs === undefined ? {} : { retryDelayMs }),
  })
}

/** gRPC to HTTP, as OpenTelemetry Collectors map it. */
export function httpStatusOf(code: number): number {
  switch (code) {
    case Code.OK:
      return 200
    case Code.CANCELLED:
    case Code.DEADLINE_EXCEEDED:
    case Code.ABORTED:
    case Code.OUT_OF_RANGE:
    case Code.UNAVAILABLE:
    case Code.DATA_LOSS:
      return 503
    case Code.RESOURCE_EXHAUSTED:
      return 429
    case Code.INVALID_ARGUMENT:
      return 400
    case Code.UNAUTHENTICATED:
      return 401
    case Code.PERMISSION_DENIED:
      return 403
    case Code.UNIMPLEMENTED:
      return 404
    default:
      return 500
  }
}

/** HTTP to gRPC, as OpenTelemetry Collectors map it. */
export function codeOfHttp(status: number): number {
  if (status >= 200 && status < 300) return Code.OK
  switch (status) {
    case 400:
      return Code.INVALID_ARGUMENT
    case 401:
      return Code.UNAUTHENTICATED
    case 403:
      return Code.PERMISSION_DENIED
    case 404:
      return Code.UNIMPLEMENTED
    case 413:
    case 429:
      return Code.RESOURCE_EXHAUSTED
    case 502:
    case 503:
    case 504:
      return Code.UNAVAILABLE
    default:
      return Code.UNKNOWN
  }
}

/** What cannot be read is the sender's fault, and trying again cannot help. */
export function refusingMalformed<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof MalformedData)) throw error
    throw new StatusError(Code.INVALID_ARGUMENT, error.message, { cause: error })
  }
}
