import { type Batch, perSignal, SIGNALS, type Signal, type Trace } from '#pdata'
import {
  type Caller,
  type Clock,
  type Consumer,
  type Foreseeing,
  failureOf,
  type GatheringConsumer,
  type Intake,
  type Ledger,
  type Next,
  type Outputs,
  type Reservation,
  type Reserving,
  Retryable,
} from '#sdk'
import type { Tracing } from '#telemetry'
import { Edge } from './edge.js'
import type { Tap } from './tap.js'
import { UnderWay } from './under-way.js'

/** Whom an outlet belongs to. */
export interface OutletOwner {
  readonly id: string
  readonly clock: Pick<Clock, 'monotonic'>
  /** Undefined where nothing is traced. */
  readonly tracing: Tracing | undefined
  /** A sender was sent away, as what follows cannot take anything now. */
  refused(signal: Signal, refusal: Retryable): void
}

const NOBODY: OutletOwner = {
  id: '',
  clock: { monotonic: () => 0 },
  tracing: undefined,
  refused() {},
}

/** What follows a component: for each signal all consumers its output names, or nothing. */
export class Outlet implements Next, Intake {
  readonly #outputs: Outputs
  readonly #ledger: Ledger
  readonly #owner: OutletOwner
  readonly signals: ReadonlySet<Signal>
  /**
   * Room is asked for in the same order everywhere, so that no two senders wait for what the other
   * keeps.
   */
  readonly #inOrder: Outputs
  readonly #edges: Readonly<Record<Signal, readonly Edge[]>>
  /** In the order of the output. */
  readonly edges: readonly Edge[]
  readonly #delivering: Readonly<Record<Signal, UnderWay>>
  /** Of the batch that the component is being handed; what it hands on at once is made of that. */
  trace: Trace | undefined
  #taps: readonly Tap[] = []

  constructor(outputs: Outputs, ledger: Ledger, owner = NOBODY) {
    this.#outputs = outputs
    this.#ledger = ledger
    this.#owner = owner
    this.#inOrder = perSignal((signal) => inOrder(outputs[signal]))
    this.#edges = perSignal((signal) =>
      outputs[signal].map((consumer) => new Edge(signal, consumer, owner.clock)),
    )
    this.edges = SIGNALS.flatMap((signal) => this.#edges[signal])
    this.#delivering = perSignal(() => new UnderWay(owner.clock))
    this.signals = new Set(SIGNALS.filter((signal) => outputs[signal].length > 0))
  }

  /** For receivers: where data enters the pipeline. */
  async deliver(batch: Batch, caller?: Caller): Promise<void> {
    const { signal, items } = batch
    const { id, tracing } = this.#owner
    this.#ledger.enter(signal, items)
    this.#delivering[signal].begin(items)
    const root = tracing?.ofBatch(batch, id)
    batch.trace = root
    try {
      const reservation = await this.reserve(batch, caller)
      try {
        await this.consume(batch)
      } finally {
        reservation.release()
      }
      root?.end()
    } catch (error) {
      root?.end(error)
      this.#ledger.refuse(signal, items)
      if (error instanceof Retryable) this.#owner.refused(signal, error)
      throw error
    } finally {
      this.#delivering[signal].end(items)
    }
  }

  /** Shows `tap` what goes to each consumer, until the function it returns is called. */
  tap(tap: Tap): () => void {
    this.#setTaps([...this.#taps, tap])
    return () => this.#setTaps(this.#taps.filter((one) => one !== tap))
  }

  /** Items under way through `deliver`, and how long the oldest have been. */
  delivering(signal: Signal): UnderWay {
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
      if (!refusal) continue
      this.#owner.refused(signal, refusal)
      return refusal
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
    const edges = this.#edges[signal]
    if (this.trace) batch.trace ??= this.trace
    if (edges.length === 0) {
      this.#ledger.drop(signal, items, 'no consumer')
      return
    }
    if (edges.length === 1) await edges[0]!.consume(batch)
    else await consumeAll(edges, batch)
    this.#ledger.leave(signal, items)
  }

  #setTaps(taps: readonly Tap[]): void {
    this.#taps = taps
    for (const edge of this.edges) edge.show(taps)
  }
}

/** Waits for every branch, so that no branch is still at work when the sender tries again. */
async function consumeAll(edges: readonly Edge[], batch: Batch): Promise<void> {
  const outcomes = await Promise.allSettled(edges.map((edge) => edge.consume(batch)))
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
