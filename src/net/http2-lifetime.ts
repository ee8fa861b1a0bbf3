import type { Clock, Timer } from '#sdk'
import { type ConnectionRules, PingPolice } from './connection-rules.js'

/** A client has this long to send its preface. */
const PREFACE_MS = 20_000
/** The answer to the ping of a farewell is waited for this long. */
const FAREWELL_MS = 5000
/** A request that crosses the end of an idle connection has this long. */
const IDLE_GRACE_MS = 60_000
/** Ages stray by a tenth, so that connections made together do not end together. */
const AGE_JITTER = 0.1

/** What the lifetime of a connection does to it. */
export interface LastingConnection {
  readonly hasStreams: boolean
  ping(answered: () => void): void
  /** Asks the client to open no more streams; those it opens meanwhile are still taken. */
  askToLeave(): void
  /** Takes no more streams, and ends with the last one. */
  leave(): void
  destroy(): void
}

/**
 * How long a connection of a server lasts:
 *
 *   waiting for the preface -> open -> (asked to leave) -> farewell -> leaving -> closed
 *
 * The farewell loses no request: a first GOAWAY asks the client to open no more streams; once a
 * ping has gone round, nothing that it had sent before it knew is still on the way, and a
 * second one names the last stream that was taken. It is said when a request has just come, so that
 * connections asked together do not leave together.
 */
export class Http2Lifetime {
  readonly #connection: LastingConnection
  readonly #clock: Clock
  readonly #ageFactor: number
  readonly #openedAt: number
  readonly #police = new PingPolice()
  #rules: ConnectionRules
  /** When the last stream ended. */
  #idleSince: number
  /** When something last came. */
  #heardAt: number
  #phase: 'preface' | 'open' | 'asked' | 'farewell' | 'leaving' = 'preface'
  #pinging = false
  #timer: Timer | undefined
  #dueAt = Number.POSITIVE_INFINITY
  #prefaceTimer: Timer | undefined
  #pongTimer: Timer | undefined
  #graceTimer: Timer | undefined
  #farewellTimer: Timer | undefined

  constructor(
    connection: LastingConnection,
    rules: ConnectionRules,
    clock: Clock,
    random: () => number,
  ) {
    this.#connection = connection
    this.#rules = rules
    this.#clock = clock
    this.#ageFactor = 1 + AGE_JITTER * (2 * random() - 1)
    this.#openedAt = clock.monotonic()
    this.#idleSince = this.#openedAt
    this.#heardAt = this.#openedAt
    this.#prefaceTimer = clock.timer(PREFACE_MS, () => connection.destroy())
    this.#arm()
  }

  /** New rules hold from now on. */
  configure(rules: ConnectionRules): void {
    this.#rules = rules
    this.#arm()
  }

  /** The client speaks HTTP/2. */
  greeted(): void {
    this.#prefaceTimer?.cancel()
    if (this.#phase === 'preface') this.#phase = 'open'
  }

  heard(): void {
    this.#heardAt = this.#clock.monotonic()
  }

  /** The last stream has ended. */
  idle(): void {
    this.#idleSince = this.#clock.monotonic()
    if (this.#idleSince + this.#rules.maxIdleMs < this.#dueAt) this.#arm()
  }

  answered(): void {
    this.#police.forgive()
  }

  /** The client has pinged. True when it was once too often. */
  pinged(): boolean {
    const { hasStreams } = this.#connection
    return this.#police.ping(this.#clock.monotonic(), hasStreams, this.#rules)
  }

  /**
   * Lets the requests under way finish, and says farewell at the next request; with `idleToo` at
   * once, and without one where there are no requests.
   */
  leave(idleToo: boolean): void {
    this.#timer?.cancel()
    if (idleToo && !this.#connection.hasStreams) this.#leave()
    else if (this.#phase === 'farewell' || this.#phase === 'leaving') return
    else if (idleToo) this.#sayFarewell()
    else this.#phase = 'asked'
  }

  /** A request has come: its client is not about to send another. */
  opened(): void {
    if (this.#phase === 'asked') this.#sayFarewell()
  }

  /** The connection is closed. */
  close(): void {
    this.#phase = 'leaving'
    this.#timer?.cancel()
    this.#prefaceTimer?.cancel()
    this.#pongTimer?.cancel()
    this.#graceTimer?.cancel()
    this.#farewellTimer?.cancel()
  }

  /** Requests under way are cut off after `graceMs`. */
  #expire(graceMs: number): void {
    if (graceMs < Number.POSITIVE_INFINITY) {
      this.#graceTimer = this.#clock.timer(graceMs, () => this.#connection.destroy())
    }
    this.#sayFarewell()
  }

  #sayFarewell(): void {
    this.#phase = 'farewell'
    this.#farewellTimer = this.#clock.timer(FAREWELL_MS, () => this.#leave())
    this.#connection.askToLeave()
    this.#connection.ping(() => this.#leave())
  }

  #leave(): void {
    if (this.#phase === 'leaving') return
    this.#phase = 'leaving'
    this.#farewellTimer?.cancel()
    this.#connection.leave()
  }

  /** One timer for whatever is due first; it looks again when it rings. */
  #arm(): void {
    this.#timer?.cancel()
    this.#dueAt = Number.POSITIVE_INFINITY
    if (this.#phase !== 'preface' && this.#phase !== 'open') return
    const now = this.#clock.monotonic()
    const { maxIdleMs, maxAgeMs, maxAgeGraceMs, pingAfterMs } = this.#rules
    const never = Number.POSITIVE_INFINITY
    const ageAt = this.#openedAt + maxAgeMs * this.#ageFactor
    const idleAt = this.#connection.hasStreams ? never : this.#idleSince + maxIdleMs
    const pingAt = this.#pinging ? never : this.#heardAt + pingAfterMs
    if (ageAt <= now) this.#expire(maxAgeGraceMs)
    else if (idleAt <= now) this.#expire(IDLE_GRACE_MS)
    else if (pingAt <= now) this.#ping()
    else {
      const dueAt = Math.min(ageAt, idleAt, pingAt)
      if (dueAt === never) return
      this.#dueAt = dueAt
      this.#timer = this.#clock.timer(dueAt - now, () => this.#arm())
    }
  }

  #ping(): void {
    this.#pinging = true
    this.#pongTimer = this.#clock.timer(this.#rules.pingTimeoutMs, () => {
      this.#connection.destroy()
    })
    this.#connection.ping(() => {
      this.#pongTimer?.cancel()
      this.#pinging = false
      this.#arm()
    })
    this.#arm()
  }
}
