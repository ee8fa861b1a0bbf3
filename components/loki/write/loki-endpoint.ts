import { ConfiguredHttpClient, codeOfHttp, compress, type HttpReply, parseRetryAfter } from '#net'
import type { EntryBatch } from '#pdata'
import { type DeliveryFigures, type Destination, observeQueue } from '#queue'
import { type Context, type Histogram, type Meter, Permanent, Retryable } from '#sdk'
import type { EndpointValues } from './arguments.js'
import { type Push, Pushes } from './pushes.js'

/** What an answer may say of a failure is cut to this in messages. */
const REASON_LENGTH_MAX = 500
/** In seconds. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** A server of Loki's push API. */
export class LokiEndpoint implements Destination<'entries'> {
  readonly #context: Context
  readonly #values: EndpointValues
  readonly #pushes: Pushes
  readonly #url: URL
  readonly #headers: Readonly<Record<string, string>>
  #client: ConfiguredHttpClient | undefined
  #durations: Histogram | undefined
  #sentBytes = 0

  constructor(
    context: Context,
    values: EndpointValues,
    externalLabels: ReadonlyMap<string, string>,
  ) {
    this.#context = context
    this.#values = values
    this.#pushes = new Pushes(externalLabels, values.tenant_id)
    this.#url = new URL(values.url)
    const own = [...values.headers].map(([name, value]) => [name.toLowerCase(), value])
    this.#headers = Object.fromEntries(own) as Record<string, string>
  }

  async open(): Promise<void> {
    const choices = { userAgent: 'weir' }
    this.#client = await ConfiguredHttpClient.open(this.#values, this.#context, choices)
  }

  /** Under the names that dashboards of Loki's agents use. */
  observe(meter: Meter, { sender, crowdedOut, queues, storedBytesMax }: DeliveryFigures): void {
    const count = (name: string, about: string, read: () => number, reason?: string) =>
      meter.observeCounter(`loki_write_${name}`, about, read, reason ? { reason } : {})
    count('sent_entries', 'Entries delivered.', () => sender.sent.entries)
    count('sent_bytes', 'Bytes of requests delivered, compressed.', () => this.#sentBytes)
    const dropped = 'Entries set aside, given up or refused.'
    count('dropped_entries', dropped, () => sender.failed.entries, 'ingester_error')
    count('dropped_entries', dropped, () => crowdedOut.entries, 'queue_full')
    count('batch_retries', 'Deliveries that had to be tried again.', () => sender.retried.entries)
    this.#durations = meter.histogram(
      'loki_write_request_duration_seconds',
      'How long requests took.',
      BOUNDS,
    )
    for (const queue of queues) {
      observeQueue(meter, queue, storedBytesMax, () => sender.retried.entries)
    }
  }

  /**
   * A request for each tenant. When one fails all are sent again: Loki knows entries that it has.
   */
  async send(batch: EntryBatch, stop: AbortSignal): Promise<undefined> {
    for (const push of this.#pushes.of(batch)) await this.#push(push, stop)
    return undefined
  }

  async close(giveUp: AbortSignal): Promise<void> {
    await this.#client?.close(giveUp)
  }

  async #push({ tenant, batch }: Push, stop: AbortSignal): Promise<void> {
    const { clock } = this.#context
    const body = await compress('snappy', batch.chunks)
    const startedAt = clock.monotonic()
    const reply = await this.#client!.request({
      method: 'POST',
      url: this.#url,
      body,
      headers: {
        ...this.#headers,
        'content-type': 'application/x-protobuf',
        ...(tenant !== '' && { 'x-scope-orgid': tenant }),
      },
      timeoutMs: this.#values.remote_timeout,
      signal: stop,
    })
    this.#durations?.record((clock.monotonic() - startedAt) / 1000)
    this.#throwUnlessTaken(reply)
    for (const { length } of body) this.#sentBytes += length
  }

  /**
   * 5xx and 429 may go better later. What blames the data (lines too long, too old, out of order)
   * is for some of it: the sender finds out for which, and that is set aside.
   */
  #throwUnlessTaken({ status, body, header }: HttpReply): void {
    if (status >= 200 && status < 300) return
    const { host, pathname } = this.#url
    const reason = Buffer.from(body).toString().trim().slice(0, REASON_LENGTH_MAX)
    const text = `${host}${pathname} answered ${status}${reason && `: ${reason}`}`
    const code = codeOfHttp(status)
    const isLater = status === 429 ? this.#values.retry_on_http_429 : status >= 500
    if (!isLater) throw new Permanent(text, status === 429 ? {} : { code })
    const retryAfterMs = parseRetryAfter(header('retry-after'), this.#context.clock.now())
    throw new Retryable(text, retryAfterMs === undefined ? { code } : { code, retryAfterMs })
  }
}
