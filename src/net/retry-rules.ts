/** Which answers an exporter tries again: the OTLP specification's tables for gRPC and HTTP. */
import { Code } from './status.js'

/** `waitMs` is the least time before the next try that the server asked for. */
export type Verdict =
  | { readonly kind: 'success' }
  | { readonly kind: 'retryable'; readonly waitMs: number | undefined }
  | { readonly kind: 'permanent' }

/** Longer waits that a server asks for are cut to this: a day. */
const WAIT_MAX_MS = 86_400_000

const SUCCESS: Verdict = { kind: 'success' }
const PERMANENT: Verdict = { kind: 'permanent' }

/**
 * `retryDelayMs` is the delay of the answer's RetryInfo, undefined without one. A delay of 0 asks
 * for no wait, yet makes RESOURCE_EXHAUSTED retryable.
 */
export function classifyGrpc(code: number, retryDelayMs: number | undefined): Verdict {
  switch (code) {
    case Code.OK:
      return SUCCESS
    case Code.CANCELLED:
    case Code.DEADLINE_EXCEEDED:
    case Code.ABORTED:
    case Code.OUT_OF_RANGE:
    case Code.UNAVAILABLE:
    case Code.DATA_LOSS:
      return retryable(retryDelayMs)
    case Code.RESOURCE_EXHAUSTED:
      return retryDelayMs === undefined ? PERMANENT : retryable(retryDelayMs)
    default:
      return PERMANENT
  }
}

/**
 * `now` is milliseconds since the epoch, for a `Retry-After` that is a date. It counts on 429 and
 * 503 only.
 */
export function classifyHttp(status: number, retryAfter: string | undefined, now: number): Verdict {
  if (status >= 200 && status < 300) return SUCCESS
  if (status === 429 || status === 503) return retryable(parseRetryAfter(retryAfter, now))
  if (status === 502 || status === 504) return retryable(undefined)
  return PERMANENT
}

function retryable(delayMs: number | undefined): Verdict {
  const waitMs = delayMs !== undefined && delayMs > 0 ? Math.min(delayMs, WAIT_MAX_MS) : undefined
  return { kind: 'retryable', waitMs }
}

/**
 * Milliseconds to wait, of seconds or of an HTTP date (RFC 9110 10.2.3); undefined when malformed
 * or past.
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? ''
  if (/^\d+$/.test(text)) return Number(text) * 1000
  // Date.parse takes much that is no HTTP date, such as a bare "1.5".
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return undefined
  const at = Date.parse(/^\w{3} \w{3} /.test(text) ? `${text} GMT` : text)
  return at > now ? at - now : undefined
}
