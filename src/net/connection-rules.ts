/**
 * How an HTTP/2 server keeps its connections; Infinity stands for never. Named as in gRPC's
 * keepalive guide.
 */
export interface ConnectionRules {
  /** A connection without requests is closed after this. */
  readonly maxIdleMs: number
  /** A connection is closed at this age, so that clients behind a balancer spread again. */
  readonly maxAgeMs: number
  /** Requests under way at that age get this long to finish. */
  readonly maxAgeGraceMs: number
  /** The client is pinged when nothing has come from it for this long. */
  readonly pingAfterMs: number
  /** A ping must be answered within this. */
  readonly pingTimeoutMs: number
  /** Clients that ping more often are sent away. */
  readonly pingIntervalMinMs: number
  /** Whether clients may ping without a request under way. */
  readonly pingWithoutStream: boolean
}

export const CONNECTION_RULES_DEFAULT: ConnectionRules = {
  maxIdleMs: Number.POSITIVE_INFINITY,
  maxAgeMs: Number.POSITIVE_INFINITY,
  maxAgeGraceMs: Number.POSITIVE_INFINITY,
  pingAfterMs: 7_200_000,
  pingTimeoutMs: 20_000,
  pingIntervalMinMs: 300_000,
  pingWithoutStream: false,
}

/** Pings may come this far apart when there is no request under way and that is not permitted. */
const PING_WITHOUT_STREAM_MS = 7_200_000
/** Pings that come too early before the connection is closed. */
const STRIKES_MAX = 2

/** Judges the pings of one client as grpc-go does. */
export class PingPolice {
  #last = Number.NEGATIVE_INFINITY
  #strikes = 0

  /** Something was sent to the client: it may measure the round trip. */
  forgive(): void {
    this.#last = Number.NEGATIVE_INFINITY
    this.#strikes = 0
  }

  /** True when it was one too many. */
  ping(now: number, busy: boolean, rules: ConnectionRules): boolean {
    const lone = !busy && !rules.pingWithoutStream
    const least = lone ? PING_WITHOUT_STREAM_MS : rules.pingIntervalMinMs
    if (now - this.#last < least) this.#strikes++
    this.#last = now
    return this.#strikes > STRIKES_MAX
  }
}
