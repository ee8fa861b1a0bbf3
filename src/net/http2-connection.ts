import type { ServerHttp2Session } from 'node:http2'
import type { Clock, Timer } from '#sdk'
import { type ConnectionRules, PingPolice } from './connection-rules.js'

/** A client has this long to send its preface. */
const PREFACE_MS = 20_000
/** The answer to the ping of a graceful shutdown is waited for this long. */
const FAREWELL_MS = 5000
/** A request that crosses the end of an idle connection has this long. */
const IDLE_GRACE_MS = 60_000
/** Ages stray by a tenth, so that connections made together do not end together. */
const AGE_JITTER = 0.1
/**
 * Node 20 leaves a connection open after it has sent its client away for an error: only a ping
 * tells.
 */
const SILENCE_MAX_MS = process.versions.node.startsWith('20.') ? 300_000 : Number.POSITIVE_INFINITY
const LAST_STREAM_ID_MAX = 2 ** 31 - 1
const NO_ERROR = 0
const ENHANCE_YOUR_CALM = 11

/**
 * One connection of a server on node:http2:
 *
 *   waiting for the preface -> open -> (asked to leave) -> saying farewell -> closing -> closed
 *
 * The farewell loses no request: a first GOAWAY asks the client to open no more streams, and those
 * it has opened meanwhile are still taken; once a ping has gone round, a second one names the last
 * stream. After a GOAWAY nghttp2 reads only while a stream is open, so the farewell is said when
 * one has just been opened, and answers wait until it is over. A connection without streams needs
 * none.
 */
export class Http2Connection {
  readonly #session: ServerHttp2Session
  readonly #clock: Clock
  readonly #ageFactor: number
  readonly #openedAt: number
  readonly #police = new PingPolice()
  #rules: ConnectionRules
  #streams = 0
  /** When the last stream ended, or something last came. */
  #quietSince: number
  #prefaceTimer: Timer | undefined
  #timer: Timer | undefined
  #pinging: Timer | undefined
  #phase: 'open' | 'asked' | 'farewell' | 'closing' = 'open'
  #closesIdle = false
  #graceTimer: Timer | undefined
  #farewellTimer: Timer | undefined
  #heldAnswers: (() => void)[] = []

  constructor(
    session: ServerHttp2Session,
    rules: ConnectionRules,
    clock: Clock,
    random: () => number,
  ) {
    this.#session = session
    this.#rules = rules
    this.#clock = clock
    this.#ageFactor = 1 + AGE_JITTER * (2 * random() - 1)
    this.#openedAt = clock.monotonic()
    this.#quietSince = this.#openedAt
    this.#prefaceTimer = clock.timer(PREFACE_MS, () => session.destroy())
    session.once('remoteSettings', () => this.#prefaceTimer?.cancel())
    session.on('ping', () => this.#pinged())
    session.once('close', () => this.#closed())
    this.#arm()
  }

  /** New rules hold from now on. */
  configure(rules: ConnectionRules): void {
    this.#rules = rules
    this.#arm()
  }

  streamOpened(): void {
    this.#streams++
    this.#heard()
    if (this.#phase === 'asked') this.#sayFarewell()
  }

  streamClosed(): void {
    this.#streams--
    this.#quietSince = this.#clock.monotonic()
    if (this.#streams > 0) return
    if (this.#phase === 'asked' && this.#closesIdle) this.#close()
    else this.#arm()
  }

  /** Sends an answer now, or as soon as it may be sent. */
  answer(send: () => void): void {
    if (this.#phase === 'farewell') this.#heldAnswers.push(send)
    else send()
    this.#police.forgive()
  }

  /**
   * Lets the requests under way finish, cutting them off after `graceMs`. Says farewell at the
   * next request, or with `idleToo` closes when there is none.
   */
  leave(idleToo: boolean, graceMs: number): void {
    if (this.#session.destroyed) return
    if (graceMs < Number.POSITIVE_INFINITY) {
      this.#graceTimer?.cancel()
      this.#graceTimer = this.#clock.timer(graceMs, () => this.#session.destroy())
    }
    this.#closesIdle ||= idleToo
    if (this.#phase === 'open') this.#phase = 'asked'
    this.#timer?.cancel()
    if (this.#phase === 'asked' && this.#closesIdle && this.#streams === 0) this.#close()
  }

  destroy(): void {
    this.#session.destroy()
  }

  #sayFarewell(): void {
    this.#phase = 'farewell'
    this.#farewellTimer = this.#clock.timer(FAREWELL_MS, () => this.#close())
    this.#session.goaway(NO_ERROR, LAST_STREAM_ID_MAX)
    // nghttp2 sends a PING before a GOAWAY that waits with it; the second one is surely behind it.
    this.#session.ping(() => {
      if (this.#session.destroyed) this.#close()
      else this.#session.ping(() => this.#close())
    })
  }

  #close(): void {
    if (this.#phase === 'closing') return
    this.#phase = 'closing'
    this.#farewellTimer?.cancel()
    if (!this.#session.destroyed) this.#session.close()
    for (const send of this.#heldAnswers.splice(0)) send()
  }

  #heard(): void {
    this.#quietSince = this.#clock.monotonic()
  }

  /** One timer for whatever is due first; it looks again when it fires. */
  #arm(): void {
    this.#timer?.cancel()
    if (this.#phase !== 'open' || this.#session.destroyed) return
    const now = this.#clock.monotonic()
    const { maxIdleMs, maxAgeMs, maxAgeGraceMs } = this.#rules
    const pingAfterMs = Math.min(this.#rules.pingAfterMs, SILENCE_MAX_MS)
    const ageLeft = maxAgeMs * this.#ageFactor - (now - this.#openedAt)
    const quiet = now - this.#quietSince
    const idleLeft = this.#streams > 0 ? Number.POSITIVE_INFINITY : maxIdleMs - quiet
    const pingLeft = this.#pinging ? Number.POSITIVE_INFINITY : pingAfterMs - quiet
    if (ageLeft <= 0) this.leave(true, maxAgeGraceMs)
    else if (idleLeft <= 0) this.leave(true, IDLE_GRACE_MS)
    else if (pingLeft <= 0) this.#ping()
    else {
      const next = Math.min(ageLeft, idleLeft, pingLeft)
      if (next < Number.POSITIVE_INFINITY) {
        this.#timer = this.#clock.timer(next, () => this.#arm())
      }
    }
  }

  #ping(): void {
    this.#pinging = this.#clock.timer(this.#rules.pingTimeoutMs, () => this.#session.destroy())
    this.#session.ping(() => {
      this.#pinging?.cancel()
      this.#pinging = undefined
      this.#heard()
      this.#arm()
    })
    this.#arm()
  }

  #pinged(): void {
    this.#heard()
    if (!this.#police.ping(this.#clock.monotonic(), this.#streams > 0, this.#rules)) return
    this.#session.goaway(ENHANCE_YOUR_CALM, 0, Buffer.from('too_many_pings'))
    this.#session.destroy(undefined, ENHANCE_YOUR_CALM)
  }

  #closed(): void {
    this.#phase = 'closing'
    this.#prefaceTimer?.cancel()
    this.#timer?.cancel()
    this.#pinging?.cancel()
    this.#graceTimer?.cancel()
    this.#farewellTimer?.cancel()
  }
}
