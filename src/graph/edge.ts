import type { Batch, Signal } from '#pdata'
import type { Clock, Consumer } from '#sdk'
import { UnderWay } from './under-way.js'

/** What went from one component to another. At rest `offered = passed + refused`. */
export class Edge {
  readonly signal: Signal
  /** The id of the component at its far end. */
  readonly to: string
  /** Of that component, or what stands before it. */
  consumer: Consumer
  /** Items that were taken. */
  passed = 0
  /** Items that went back. */
  refused = 0
  readonly underWay: UnderWay

  constructor(signal: Signal, consumer: Consumer, clock: Pick<Clock, 'monotonic'>) {
    this.signal = signal
    this.to = 'owner' in consumer ? String(consumer.owner) : ''
    this.consumer = consumer
    this.underWay = new UnderWay(clock)
  }

  async consume(batch: Batch): Promise<void> {
    const { items } = batch
    this.underWay.begin(items)
    try {
      await this.consumer.consume(batch)
      this.passed += items
    } catch (error) {
      this.refused += items
      throw error
    } finally {
      this.underWay.end(items)
    }
  }
}
