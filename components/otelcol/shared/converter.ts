import type { Batch, Signal } from '#pdata'
import type {
  Caller,
  Component,
  Consumer,
  Context,
  Foreseeing,
  GatheringConsumer,
  Holding,
  Next,
  Reservation,
  Reserving,
  Retryable,
} from '#sdk'

/** What became of a batch. */
export interface Converted<To extends Signal> {
  readonly batch: Batch<To>
  /** Of what came, items by the reason they were dropped for. */
  readonly dropped?: ReadonlyMap<string, number>
}

/** Makes one signal of another: a batch of one for each batch of the other. */
export class Converter<From extends Signal, To extends Signal>
  implements Component, Consumer<From>, Reserving<From>, Foreseeing, GatheringConsumer, Holding
{
  readonly #context: Context
  readonly #next: Next<To>
  readonly #to: To
  readonly #convert: (batch: Batch<From>) => Converted<To>
  /** Made to ask for room, and not handed on yet. */
  readonly #made = new WeakMap<Batch<From>, Converted<To>>()
  /** Items under way to what follows. */
  #under = 0
  #taken = 0

  constructor(
    context: Context,
    next: Next<To>,
    to: To,
    convert: (batch: Batch<From>) => Converted<To>,
  ) {
    this.#context = context
    this.#next = next
    this.#to = to
    this.#convert = convert
  }

  async reserve(batch: Batch<From>, caller?: Caller): Promise<Reservation> {
    return this.#next.reserve(this.#of(batch).batch, caller)
  }

  /** How large it will be is not known before it is read. */
  refusal(): Retryable | undefined {
    return this.#next.refusal(this.#to, 0)
  }

  gathers(): boolean {
    return this.#next.gathers(this.#to)
  }

  /** Keeps the books of both signals. */
  async consume(batch: Batch<From>): Promise<void> {
    const { ledger } = this.#context
    const { batch: made, dropped } = this.#of(batch)
    this.#made.delete(batch)
    this.#taken += batch.items
    this.#under += made.items
    ledger.enter(this.#to, made.items)
    try {
      // Metadata alone is no item, and goes on.
      if (made.bytes > 0) await this.#next.consume(made)
      let left = batch.items
      for (const [reason, items] of dropped ?? []) {
        ledger.drop(batch.signal, items, reason)
        left -= items
      }
      ledger.leave(batch.signal, left)
    } catch (error) {
      ledger.refuse(this.#to, made.items)
      throw error
    } finally {
      this.#taken -= batch.items
      this.#under -= made.items
    }
  }

  heldItems(signal: Signal): number {
    return signal === this.#to ? this.#under : this.#taken
  }

  stop(): Promise<void> {
    return Promise.resolve()
  }

  #of(batch: Batch<From>): Converted<To> {
    let made = this.#made.get(batch)
    if (!made) {
      made = this.#convert(batch)
      this.#made.set(batch, made)
    }
    return made
  }
}
