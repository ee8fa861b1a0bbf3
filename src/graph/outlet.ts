import { type Batch, perSignal, SIGNALS, type Signal } from '#pdata'
import type {
  Caller,
  Consumer,
  Foreseeing,
  GatheringConsumer,
  Intake,
  Ledger,
  Next,
  Outputs,
  Reservation,
  Reserving,
  Retryable,
} from '#sdk'
import { failureOf } from '#sdk'
import { type Tap, tapped } from './tap.js'

/** What follows a component: for each signal all consumers its output names, or nothing. */
export class Outlet implements Next, Intake {
  readonly #outputs: Outputs
  readonly #ledger: Ledger
  readonly signals: ReadonlySet<Signal>
  /**
   * Room is asked for in the same order everywhere, so that no two senders wait for what the other
   * keeps.
   */
  readonly #inOrder: Outputs
  readonly #delivering = perSignal(() => 0)
  /** Where batches go: the outputs themselves while nobody taps. */
  #branches: Outputs
  #taps: readonly Tap[] = []

  constructor(outputs: Outputs, ledger: Ledger) {
    this.#outputs = outputs
    this.#branches = outputs
    this.#ledger = ledger
    this.#inOrder = perSignal((signal) => inOrder(outputs[signal]))
    this.signals = new Set(SIGNALS.filter((signal) => outputs[signal].length > 0))
  }

  /** For receivers: where data enters the pipeline. */
  async deliver(batch: Batch, caller?: Caller): Promise<void> {
    const { signal, items } = batch
    this.#ledger.enter(signal, items)
    this.#delivering[signal] += items
    try {
      const reservation = await this.reserve(batch, caller)
      try {
        await this.consume(batch)
      } finally {
        reservation.release()
      }
    } catch (error) {
      this.#ledger.refuse(signal, items)
      throw error
    } finally {
      this.#delivering[signal] -= items
    }
  }

  /** Shows `tap` what goes to each consumer, until the function it returns is called. */
  tap(tap: Tap): () => void {
    this.#setTaps([...this.#taps, tap])
    return () => this.#setTaps(this.#taps.filter((one) => one !== tap))
  }

  /** Items under way through `deliver`. */
  delivering(signal: Signal): number {
    return this.#delivering[signal]
  }

  /** Every consumer behind it forms its own batches. */
  gathers(signal: Signal): boolean {
    const consumers = this.#outputs[signal]
    return consumers.length > 0 && consumers.every((one) => isGathering(one) && one.gathers(signal))
  }

  /** That of any consumer: a branch that refuses does so for all of them. */
  refusal(signal: Signal, bytes: number): Retryable | undefined {
    for (const consumer of this.#outputs[signal]) {
      const refusal = isForeseeing(consumer) ? consumer.refusal(signal, bytes) : undefined
      if (refusal) return refusal
    }
    return undefined
  }

  /** Room with every consumer, or with none. */
  async reserve(batch: Batch, caller?: Caller): Promise<Reservation> {
    const consumers = this.#inOrder[batch.signal]
    if (consumers.length === 1) return reserveAt(consumers[0]!, batch, caller)
    const kept: Reservation[] = []
    const release = () => {
      for (const reservation of kept.splice(0)) reservation.release()
    }
    try {
      for (const consumer of consumers) kept.push(await reserveAt(consumer, batch, caller))
    } catch (error) {
      release()
      throw error
    }
    return { release }
  }

  async consume(batch: Batch): Promise<void> {
    const { signal, items } = batch
    const consumers = this.#branches[signal]
    if (consumers.length === 0) {
      this.#ledger.drop(signal, items, 'no consumer')
      return
    }
    if (consumers.length === 1) await consumers[0]!.consume(batch)
    else await consumeAll(consumers, batch)
    this.#ledger.leave(signal, items)
  }

  #setTaps(taps: readonly Tap[]): void {
    this.#taps = taps
    this.#branches = taps.length === 0 ? this.#outputs : tapped(this.#outputs, taps)
  }
}

/** Waits for every branch, so that no branch is still at work when the sender tries again. */
async function consumeAll(consumers: readonly Consumer[], batch: Batch): Promise<void> {
  const outcomes = await Promise.allSettled(consumers.map((consumer) => consumer.consume(batch)))
  const failure = failureOf(outcomes)
  if (failure) throw failure
}

function inOrder(consumers: readonly Consumer[]): readonly Consumer[] {
  const nameOf = (consumer: object) => ('owner' in consumer ? String(consumer.owner) : '')
  return [...consumers].sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1))
}

const NOTHING_RESERVED: Reservation = { release() {} }

function reserveAt(
  consumer: Consumer,
  batch: Batch,
  caller: Caller | undefined,
): Promise<Reservation> {
  return isReserving(consumer) ? consumer.reserve(batch, caller) : Promise.resolve(NOTHING_RESERVED)
}

function isForeseeing(consumer: object): consumer is Foreseeing {
  return 'refusal' in consumer
}

function isGathering(consumer: object): consumer is GatheringConsumer {
  return 'gathers' in consumer
}

function isReserving(consumer: object): consumer is Reserving {
  return 'reserve' in consumer
}
