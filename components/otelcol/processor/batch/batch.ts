import { Batch, type Gathering, joinBatches, type Signal, splitBatch } from '#pdata'
import {
  type ArgumentsOf,
  attributes,
  type Component,
  type Consumer,
  type Context,
  type Counter,
  type Deferred,
  deferred,
  defineProcessor,
  duration,
  failureOf,
  type Histogram,
  integer,
  list,
  type Next,
  output,
  Permanent,
  type Problem,
  Retryable,
  settledOrAborted,
  type Timer,
  type,
} from '#sdk'
import { debugMetrics } from '../../shared/blocks.js'

const MAX_SIZE_DEFAULT = 3000

const schema = attributes(
  {
    timeout: duration({
      default: '200ms',
      about: 'A batch leaves this long after its first input; "0s" at once.',
    }),
    send_batch_size: integer({
      default: 2000,
      min: 0,
      about: 'Items at which a batch leaves early; 0 at once.',
    }),
    send_batch_max_size: integer({
      default: MAX_SIZE_DEFAULT,
      min: 0,
      about: 'Items above which a batch is split; 0 never.',
    }),
    metadata_keys: list(type.string(), {
      default: [],
      about: 'Senders that differ in these request headers are batched apart.',
    }),
    metadata_cardinality_limit: integer({
      default: 1000,
      min: 1,
      about: 'How many combinations of metadata_keys there may be; more are refused.',
    }),
    output,
    debug_metrics: debugMetrics,
  },
  (values) => [...sizeProblems(values), ...repeatedKeys(values.metadata_keys)],
)

function sizeProblems({
  send_batch_size: size,
  send_batch_max_size: max,
}: {
  readonly send_batch_size: number
  readonly send_batch_max_size: number
}): readonly Problem[] {
  if (max === 0 || max >= size) return []
  const message = `send_batch_max_size, ${max}, is below send_batch_size, ${size}`
  // Whichever was written is what to look at.
  const path = [max === MAX_SIZE_DEFAULT ? 'send_batch_size' : 'send_batch_max_size']
  return [{ path, message, help: 'raise send_batch_max_size, or write 0 to never split' }]
}

function repeatedKeys(keys: readonly string[]) {
  const lower = keys.map((key) => key.toLowerCase())
  const twice = keys.find((key, index) => lower.indexOf(key.toLowerCase()) !== index)
  return twice === undefined
    ? []
    : [{ path: ['metadata_keys'], message: `"${twice}" is in metadata_keys twice` }]
}

export default defineProcessor({
  name: 'otelcol.processor.batch',
  stability: 'generally-available',
  about: 'Joins small inputs into larger ones, so that exporters send few large requests.',
  schema,
  create: (context, values, next) => new BatchProcessor(context, values, next),
})

/** Inputs that leave together, and the promise their senders wait on. */
interface OpenBatch {
  readonly key: string
  readonly signal: Signal
  readonly parts: Batch[]
  readonly timer: Timer
  readonly delivery: Deferred
  items: number
  /** Its senders have been refused, though it may still be under way. */
  isGivenUp: boolean
}

const BATCH_SIZES = [10, 25, 50, 75, 100, 250, 500, 1000, 2000, 4000, 8000, 10_000, 100_000]

class BatchProcessor implements Component, Consumer {
  readonly #context: Context
  readonly #values: ArgumentsOf<typeof schema>
  readonly #next: Next
  readonly #open = new Map<string, OpenBatch>()
  /** Combinations of metadata seen so far; bounded by metadata_cardinality_limit. */
  readonly #combinations = new Set<string>()
  readonly #gatherings = new Map<string, Gathering>()
  readonly #inFlight = new Map<OpenBatch, Promise<unknown>>()
  readonly #sizes: Histogram
  readonly #bySize: Counter
  readonly #byTimeout: Counter

  constructor(context: Context, values: ArgumentsOf<typeof schema>, next: Next) {
    this.#context = context
    this.#values = values
    this.#next = next
    const { meter } = context
    const prefix = 'otelcol_processor_batch_'
    this.#sizes = meter.histogram(`${prefix}batch_send_size`, 'Items in a batch.', BATCH_SIZES)
    this.#bySize = meter.counter(`${prefix}batch_size_trigger_send`, 'Batches sent when full.')
    this.#byTimeout = meter.counter(`${prefix}timeout_trigger_send`, 'Batches sent by timeout.')
    meter.observeGauge(
      `${prefix}metadata_cardinality`,
      'Combinations of metadata_keys seen.',
      () => this.#combinations.size,
    )
  }

  /**
   * Where every branch behind it has a queue, the input goes there at once, and the queue forms
   * the batch when it sends: nobody waits for a batch to fill. Else a sender hears "done" when the
   * whole batch is.
   */
  async consume(input: Batch): Promise<void> {
    const key = this.#keyOf(input)
    if (this.#next.gathers(input.signal)) {
      const { signal, chunks, items, bytes } = input
      const client = this.#clientOf(input)
      const gathering = this.#gatheringOf(key)
      return this.#next.consume(new Batch(signal, chunks, items, bytes, client, gathering))
    }
    const open = this.#open.get(key) ?? this.#begin(key, input.signal)
    open.parts.push(input)
    open.items += input.items
    const { timeout, send_batch_size: size } = this.#values
    if (timeout === 0 || size === 0 || open.items >= size) {
      this.#bySize.add(1)
      this.#send(open)
    }
    return open.delivery.promise
  }

  async stop(giveUp: AbortSignal): Promise<void> {
    for (const open of [...this.#open.values()]) this.#send(open)
    await settledOrAborted(Promise.all(this.#inFlight.values()), giveUp)
    for (const open of this.#inFlight.keys()) {
      open.isGivenUp = true
      open.delivery.reject(new Retryable('stopped before the data was delivered'))
    }
  }

  /** Signal and metadata: inputs of one key may share a batch. */
  #keyOf({ signal, client }: Batch): string {
    const { metadata_keys: keys, metadata_cardinality_limit: limit } = this.#values
    if (keys.length === 0) return signal
    const combination = JSON.stringify(keys.map((key) => client?.metadata.get(key.toLowerCase())))
    if (!this.#combinations.has(combination)) {
      if (this.#combinations.size >= limit) {
        throw new Permanent(`more than ${limit} combinations of metadata_keys`)
      }
      this.#combinations.add(combination)
    }
    return signal + combination
  }

  /** One for each key: what shares it may share a batch. */
  #gatheringOf(key: string): Gathering {
    const known = this.#gatherings.get(key)
    if (known) return known
    const { timeout, send_batch_size: size, send_batch_max_size: max } = this.#values
    const gathering: Gathering = {
      flushTimeoutMs: timeout,
      minSize: timeout === 0 ? 0 : size,
      maxSize: max,
      sizer: 'items',
      formed: (items, isFull) => {
        this.#sizes.record(items)
        const counter = isFull ? this.#bySize : this.#byTimeout
        counter.add(1)
      },
    }
    this.#gatherings.set(key, gathering)
    return gathering
  }

  /** Whose data it is, is known only where all of a batch has the same. */
  #clientOf({ client }: Batch): Batch['client'] {
    return this.#values.metadata_keys.length > 0 ? client : undefined
  }

  #begin(key: string, signal: Signal): OpenBatch {
    const timer = this.#context.clock.timer(this.#values.timeout, () => {
      this.#byTimeout.add(1)
      this.#send(open)
    })
    const open = { key, signal, parts: [], timer, delivery: deferred(), items: 0, isGivenUp: false }
    this.#open.set(key, open)
    return open
  }

  #send(open: OpenBatch): void {
    open.timer.cancel()
    this.#open.delete(open.key)
    this.#sizes.record(open.items)
    const sending = this.#forward(open)
      .then(open.delivery.resolve, open.delivery.reject)
      .finally(() => this.#inFlight.delete(open))
    this.#inFlight.set(open, sending)
  }

  /** Settles when all of it has: nothing is under way any more when a sender tries again. */
  async #forward(open: OpenBatch): Promise<void> {
    const batches = this.#shape(open.parts)
    const outcomes = await Promise.allSettled(batches.map((batch) => this.#next.consume(batch)))
    const failure = failureOf(outcomes)
    if (!failure && !open.isGivenUp) return
    // What has left although its senders were refused comes again.
    const left = batches.filter((_, index) => outcomes[index]!.status === 'fulfilled')
    const items = left.reduce((sum, batch) => sum + batch.items, 0)
    this.#context.ledger.enter(open.signal, items)
    if (failure) throw failure
  }

  /** One batch, or several where it would be too large. */
  #shape(parts: readonly Batch[]): readonly Batch[] {
    const { send_batch_max_size: max } = this.#values
    const whole = parts.length === 1 ? parts[0]! : joinBatches(parts)
    const { signal, chunks, items, bytes, trace } = whole
    const client = this.#clientOf(parts[0]!)
    const joined = new Batch(signal, chunks, items, bytes, client, undefined, trace)
    return max > 0 && items > max ? splitBatch(joined, max) : [joined]
  }
}
