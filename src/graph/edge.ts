import type { Batch, Signal } from '#pdata'
import type { Clock, Consumer } from '#sdk'
import { type Tap, tapped } from './tap.js'
import { UnderWay } from './under-way.js'

/** What went from one component to another. At rest `offered = passed + refused`. */
export class Edge {
  readonly signal: Signal
  /** The id of the component at its far end. */
  readonly to: string
  readonly #consumer: Consumer
  /** The consumer itself while nobody taps. */
  #first: Consumer
  /** Items that were taken. */
  passed = 0
  /** Items that went back. */
  refused = 0
  readonly underWay: UnderWay

  constructor(signal: Signal, consumer: Consumer, clock: Pick<Clock, 'monotonic'>) {
    this.signal = signal
    this.to = 'owner' in consumer ? String(consumer.owner) : ''
    this.#consumer = consumer
    this.#first = consumer
    this.underWay = new UnderWay(clock)
  }

  /** Shows batches to these taps before they are handed on, and to no others. */
  show(taps: readonly Tap[]): void {
    this.#first = taps.length === 0 ? this.#consumer : tapped(this.#consumer, this.to, taps)
  }

  async consume(batch: Batch): Promise<void> {
    const { items } = batch
    this.underWay.begin(items)
    try {
      await this.#first.consume(batch)
      this.passed += items
    } catch (error) {
      this.refused += items
      throw error
    } finally {
      this.underWay.end(items)
    }
  }
}
