import type { Clock } from '#sdk'
import { ERROR, Http2Error } from './http2-frames.js'

/**
 * Frames that cost the sender next to nothing: SETTINGS, PING, PRIORITY, WINDOW_UPDATE, unknown
 * ones, DATA without data. Nobody needs many more of them than frames of data.
 */
const CHEAP_FRAMES_MAX = 4096
const CHEAP_FRAMES_PER_SECOND = 256
/** What a DATA frame that was sent allows: the other side tells two windows of it, and a bit. */
const EARNED_BY_DATA = 4
/** Requests that end in a reset, by either side: those of a client that gives up a full load. */
const RESETS_MAX = 1000
const RESETS_PER_SECOND = 33

/** Ends connections whose other side makes work without doing any itself. */
export class FloodGuard {
  readonly #frames: Allowance
  readonly #resets: Allowance

  constructor(clock: Clock) {
    this.#frames = new Allowance(clock, CHEAP_FRAMES_MAX, CHEAP_FRAMES_PER_SECOND)
    this.#resets = new Allowance(clock, RESETS_MAX, RESETS_PER_SECOND)
  }

  /** A cheap frame has come. Throws when it was one too many. */
  cheapFrame(): void {
    if (!this.#frames.spend()) throw calm('too many frames without data')
  }

  /** A stream was reset for what the other side did. Throws when it was one too many. */
  reset(): void {
    if (!this.#resets.spend()) throw calm('too many resets')
  }

  sentData(): void {
    this.#frames.earn(EARNED_BY_DATA)
  }
}

/** So many at once, and so many more as time passes. */
class Allowance {
  readonly #clock: Clock
  readonly #max: number
  readonly #perSecond: number
  #left: number
  #filledAt: number

  constructor(clock: Clock, max: number, perSecond: number) {
    this.#clock = clock
    this.#max = max
    this.#perSecond = perSecond
    this.#left = max
    this.#filledAt = clock.monotonic()
  }

  spend(): boolean {
    if (this.#left < 1) this.#refill()
    this.#left--
    return this.#left >= 0
  }

  earn(count: number): void {
    this.#left = Math.min(this.#max, this.#left + count)
  }

  #refill(): void {
    const now = this.#clock.monotonic()
    this.earn(((now - this.#filledAt) / 1000) * this.#perSecond)
    this.#filledAt = now
  }
}

function calm(message: string): Http2Error {
  return new Http2Error(ERROR.enhanceYourCalm, message)
}
