import type { Batch } from '#pdata'
import { type Clock, Permanent, Retryable, sleep } from '#sdk'
import type { PartialSuccess } from '#wire'
import type { Books } from './books.js'
import { numbersIn } from './numbered.js'

export const MOODS = ['well', 'well', 'slow', 'down', 'busy', 'lossy', 'odd'] as const
export type Mood = (typeof MOODS)[number]

const INVALID_ARGUMENT = 3
const RESOURCE_EXHAUSTED = 8
const UNAUTHENTICATED = 16

/** A backend behind a network: it answers, waits, refuses, and its answers get lost. */
export class Destination {
  readonly #random: () => number
  readonly #books: Books
  readonly #now: () => number
  mood: Mood = 'well'
  /** Items it never takes. */
  readonly poison: (number: number) => boolean
  /** Refuses poison as part of a success, and not for all. */
  readonly isPartial: boolean
  readonly itemsMax: number
  underWay = 0
  /** By the process that runs, in order. */
  tried: number[] = []

  constructor(random: () => number, books: Books, now: () => number, plain: boolean) {
    this.#now = now
    this.#random = random
    this.#books = books
    const every = !plain && random() < 0.5 ? 7 + Math.floor(random() * 40) : 0
    this.poison = (number) => every > 0 && number % every === 0
    this.isPartial = random() < 0.5
    this.itemsMax = !plain && random() < 0.3 ? 12 : Number.POSITIVE_INFINITY
  }

  async send(
    batch: Batch,
    clock: Clock,
    stop: AbortSignal,
    alive: () => boolean,
  ): Promise<PartialSuccess | undefined> {
    const numbers = numbersIn(...batch.chunks)
    this.tried.push(...numbers)
    this.underWay++
    this.#books.note(this.#now(), 'send', numbers)
    try {
      const before = this.#slowMs()
      if (before > 0) await sleep(clock, before, stop)
      if (!alive()) return await new Promise(() => {})
      if (stop.aborted) throw new Retryable('the call was cut short')
      return await this.#answer(numbers, clock, stop)
    } finally {
      this.underWay--
    }
  }

  async #answer(
    numbers: readonly number[],
    clock: Clock,
    stop: AbortSignal,
  ): Promise<PartialSuccess | undefined> {
    const chance = this.#random()
    if (this.mood === 'down') throw new Retryable('cannot connect')
    if (this.mood === 'busy' && chance < 0.7) {
      throw new Retryable('slow down', { retryAfterMs: 100 + 4000 * this.#random() })
    }
    if (this.mood === 'odd' && chance < 0.1) {
      throw new Permanent('who are you', { code: UNAUTHENTICATED })
    }
    if (numbers.length > this.itemsMax) {
      this.#books.refuse(numbers)
      throw new Permanent('too large', { code: RESOURCE_EXHAUSTED })
    }
    const bad = numbers.filter((number) => this.poison(number))
    if (bad.length > 0) this.#books.refuse(numbers)
    if (bad.length > 0 && !this.isPartial) {
      throw new Permanent('bad item', { code: INVALID_ARGUMENT })
    }
    const good = numbers.filter((number) => !this.poison(number))
    this.#books.deliver(good, this.#now())
    const after = this.#slowMs()
    if (after > 0) await sleep(clock, after, stop)
    if (stop.aborted || (this.mood === 'lossy' && chance < 0.3)) {
      this.#books.allow(good, 'lost answer')
      throw new Retryable('the connection broke')
    }
    this.#books.answer(good, this.#now())
    return bad.length > 0 ? { rejected: bad.length, message: 'bad item' } : undefined
  }

  #slowMs(): number {
    if (this.mood !== 'slow') return 0
    return this.#random() < 0.5 ? 0 : 2000 * this.#random()
  }
}
