import type { Graph, Instance } from '#graph'
import type { Batch, Signal } from '#pdata'
import { type Clock, type Sample, sampleOf, type Timer } from '#sdk'
import { type Item, itemsOf, matches } from './items.js'

/** What somebody wants to see. */
export interface Wish {
  /** Edges from this component; of all where undefined. */
  readonly from: string | undefined
  readonly to: string | undefined
  /** Edges at either end of which this component is. */
  readonly of: string | undefined
  readonly signal: Signal | undefined
  /** See `matches`. */
  readonly filter: string
  /** Items a second. */
  readonly rate: number
}

/** What one edge showed. */
export interface Seen {
  readonly from: string
  readonly to: string
  readonly item: Item
}

export interface SeenUpdate {
  readonly seen: readonly Seen[]
  /** Items that flowed and were not looked at, since the last update. */
  readonly skipped: number
}

const TICK_MS = 250
/** Batches that are copied a second: the rest only counts. */
const BATCHES_PER_SECOND = 20
/** Of one batch. */
const BYTES_MAX = 32 * 1024

/**
 * Looks at edges while somebody does. On the data's way a batch is only copied, twenty times a
 * second and 32 KiB of it at most; decoding waits for the next tick. Components that are replaced
 * are tapped again at the tick after.
 */
export class TapSession {
  readonly #graph: Graph
  readonly #clock: Clock
  readonly #wish: Wish
  readonly #told: (update: SeenUpdate) => void
  readonly #attached = new Map<Instance, () => void>()
  #copies: { readonly from: string; readonly to: string; readonly sample: Sample }[] = []
  #skipped = 0
  #batchesLeft = 0
  #itemsLeft = 0
  #ticks = 0
  #timer: Timer | undefined

  constructor(graph: Graph, clock: Clock, wish: Wish, told: (update: SeenUpdate) => void) {
    this.#graph = graph
    this.#clock = clock
    this.#wish = wish
    this.#told = told
  }

  start(): void {
    this.#tick()
  }

  stop(): void {
    this.#timer?.cancel()
    for (const detach of this.#attached.values()) detach()
    this.#attached.clear()
  }

  #tick(): void {
    this.#attach()
    const perSecond = 1000 / TICK_MS
    // What a second allows is given out over its ticks, so that quiet edges wait for none.
    if (this.#ticks++ % perSecond === 0) this.#itemsLeft = this.#wish.rate
    this.#batchesLeft = Math.ceil(BATCHES_PER_SECOND / perSecond)
    const seen = this.#copies.splice(0).flatMap((copy) => this.#look(copy))
    if (seen.length > 0 || this.#skipped > 0) this.#told({ seen, skipped: this.#skipped })
    this.#skipped = 0
    this.#timer = this.#clock.timer(TICK_MS, () => this.#tick())
  }

  #attach(): void {
    const wanted = new Set(
      this.#graph.instances.filter(({ id, edges }) =>
        edges.some(({ to }) => isWished(this.#wish, id, to)),
      ),
    )
    for (const [instance, detach] of this.#attached) {
      if (wanted.has(instance)) continue
      detach()
      this.#attached.delete(instance)
    }
    for (const instance of wanted) {
      if (this.#attached.has(instance)) continue
      const detach = instance.tap((batch, end) => this.#copy(instance.id, end, batch))
      this.#attached.set(instance, detach)
    }
  }

  #copy(from: string, to: string, batch: Batch): void {
    const { signal } = this.#wish
    if (signal !== undefined && batch.signal !== signal) return
    if (!isWished(this.#wish, from, to)) return
    if (this.#batchesLeft <= 0) this.#skipped += batch.items
    else {
      this.#batchesLeft--
      this.#copies.push({ from, to, sample: sampleOf(batch, this.#clock.now(), BYTES_MAX) })
    }
  }

  #look({ from, to, sample }: { from: string; to: string; sample: Sample }): readonly Seen[] {
    const items = itemsOrNone(sample)
    const fitting = items.filter((item) => matches(item, this.#wish.filter))
    const shown = fitting.slice(0, this.#itemsLeft)
    this.#itemsLeft -= shown.length
    const size = sample.chunks.reduce((sum, { length }) => sum + length, 0)
    const cutOff = size < sample.bytes ? Math.max(0, sample.items - items.length) : 0
    this.#skipped += cutOff + fitting.length - shown.length
    return shown.map((item) => ({ from, to, item }))
  }
}

/** A fault in what is only looked at must not end the agent. */
function itemsOrNone({ signal, chunks }: Sample): readonly Item[] {
  try {
    return itemsOf(signal, chunks)
  } catch {
    return []
  }
}

function isWished(wish: Wish, from: string, to: string): boolean {
  if (wish.from !== undefined && wish.from !== from) return false
  if (wish.to !== undefined && wish.to !== to) return false
  return wish.of === undefined || wish.of === from || wish.of === to
}
