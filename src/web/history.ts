import type { Graph, Instance } from '#graph'
import type { Signal } from '#pdata'
import type { Clock, Timer } from '#sdk'

/** Between two looks at the ledgers. */
const EVERY_MS = 2000
/** Ten minutes. */
const POINTS = 300
/** So many are remembered, 5 kB each; of others only the rates of the moment are known. */
const TRACKS_MAX = 1000

/** Items a second. */
export interface Rates {
  readonly in: number
  readonly out: number
  readonly dropped: number
}

/** Oldest first; NaN where the component was not there. */
export interface Chart {
  readonly signal: Signal
  readonly in: readonly number[]
  readonly out: readonly number[]
  readonly dropped: readonly number[]
  readonly held: readonly number[]
}

const NONE: Rates = { in: 0, out: 0, dropped: 0 }

interface Totals {
  in: number
  out: number
  dropped: number
}

/** One signal of one component. */
interface Track {
  readonly totals: Totals
  readonly rings: Readonly<Record<'in' | 'out' | 'dropped' | 'held', Float32Array>> | undefined
  rates: Rates
  seenAt: number
}

/**
 * How the ledgers moved: looks at them every two seconds, which takes a microsecond a component.
 * Only signals that had items are looked at.
 */
export class LedgerHistory {
  readonly #graph: Graph
  readonly #clock: Clock
  readonly #tracks = new Map<string, Track>()
  readonly #times = new Float64Array(POINTS)
  #ticks = 0
  #lookedAt = 0
  #timer: Timer | undefined

  constructor(graph: Graph, clock: Clock) {
    this.#graph = graph
    this.#clock = clock
  }

  /** Until `stop`. */
  start(): void {
    try {
      this.#look()
    } catch {
      // A component that cannot say what it holds: the graph hears of that elsewhere.
    }
    this.#timer = this.#clock.timer(EVERY_MS, () => this.start())
  }

  stop(): void {
    this.#timer?.cancel()
  }

  rates(id: string, signal: Signal): Rates {
    return this.#tracks.get(`${id} ${signal}`)?.rates ?? NONE
  }

  /** Milliseconds since the epoch, and the figures at these times. */
  charts({ id, definition }: Instance): {
    readonly times: readonly number[]
    readonly charts: readonly Chart[]
  } {
    const charts = definition.signals.flatMap((signal) => {
      const rings = this.#tracks.get(`${id} ${signal}`)?.rings
      if (!rings) return []
      const { in: came, out, dropped, held } = rings
      const unrolled = [came, out, dropped, held].map((ring) => this.#inOrder(ring))
      return [
        { signal, in: unrolled[0]!, out: unrolled[1]!, dropped: unrolled[2]!, held: unrolled[3]! },
      ]
    })
    return { times: this.#inOrder(this.#times), charts }
  }

  #look(): void {
    const at = this.#clock.monotonic()
    const seconds = (at - this.#lookedAt) / 1000
    this.#lookedAt = at
    const slot = this.#ticks % POINTS
    this.#times[slot] = this.#clock.now()
    for (const instance of this.#graph.instances) {
      for (const signal of instance.definition.signals) this.#note(instance, signal, slot, seconds)
    }
    for (const [key, { seenAt }] of this.#tracks) {
      if (seenAt !== this.#ticks) this.#tracks.delete(key)
    }
    this.#ticks++
  }

  #note(instance: Instance, signal: Signal, slot: number, seconds: number): void {
    const { entered, left, refused, dropped } = instance.ledger.counts(signal)
    const key = `${instance.id} ${signal}`
    let track = this.#tracks.get(key)
    if (!track) {
      if (entered + refused === 0) return
      const rings = this.#tracks.size < TRACKS_MAX ? newRings() : undefined
      track = { totals: { in: 0, out: 0, dropped: 0 }, rings, rates: NONE, seenAt: 0 }
      this.#tracks.set(key, track)
      // What came before the first look has no rate, unless that was right now.
      if (this.#ticks === 0) Object.assign(track.totals, { in: entered, out: left })
    }
    let lost = 0
    for (const items of dropped.values()) lost += items
    const { totals, rings } = track
    const rate = (now: number, before: number) =>
      seconds > 0 ? Math.max(0, (now - before) / seconds) : 0
    track.rates = {
      in: rate(entered, totals.in),
      out: rate(left, totals.out),
      dropped: rate(lost, totals.dropped),
    }
    Object.assign(totals, { in: entered, out: left, dropped: lost })
    track.seenAt = this.#ticks
    if (!rings) return
    rings.in[slot] = track.rates.in
    rings.out[slot] = track.rates.out
    rings.dropped[slot] = track.rates.dropped
    rings.held[slot] = instance.held(signal)
  }

  #inOrder(ring: Float32Array | Float64Array): readonly number[] {
    const filled = Math.min(this.#ticks, POINTS)
    return Array.from(
      { length: filled },
      (_, index) => ring[(this.#ticks - filled + index) % POINTS]!,
    )
  }
}

function newRings() {
  const ring = () => new Float32Array(POINTS).fill(Number.NaN)
  return { in: ring(), out: ring(), dropped: ring(), held: ring() }
}
