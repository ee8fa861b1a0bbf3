import { ConfiguredHttpClient, codeOfHttp, compress, type HttpReply, parseRetryAfter } from '#net'
import { encodeWriteTwo, type SampleBatch, withoutCreated } from '#pdata'
import type { DeliveryFigures, Destination } from '#queue'
import { type Context, type Meter, Permanent, Retryable } from '#sdk'
import type { PartialSuccess } from '#wire'
import type { EndpointValues } from './arguments.js'
import { WriteFigures } from './figures.js'
import type { Outgoing } from './outgoing.js'

/** What an answer may say of a failure is cut to this in messages. */
const REASON_LENGTH_MAX = 500

const ONE = 'prometheus.WriteRequest'
type Message = EndpointValues['protobuf_message']

const HEADERS: Readonly<Record<Message, Readonly<Record<string, string>>>> = {
  [ONE]: {
    'content-type': 'application/x-protobuf',
    'content-encoding': 'snappy',
    'x-prometheus-remote-write-version': '0.1.0',
  },
  'io.prometheus.write.v2.Request': {
    'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request',
    'content-encoding': 'snappy',
    'x-prometheus-remote-write-version': '2.0.0',
  },
}

/** What a receiver of 2.0 says it wrote; who says nothing of it knows 1.0 alone. */
const WRITTEN = ['samples', 'histograms'].map((kind) => `x-prometheus-remote-write-${kind}-written`)

/** A server of the remote-write protocol. */
export class WriteEndpoint implements Destination<'samples'> {
  readonly #context: Context
  readonly #values: EndpointValues
  readonly #outgoing: Outgoing
  readonly #url: URL
  readonly #headers: Readonly<Record<string, string>>
  /** What the far side is spoken to with; 1.0 for good once it turned out to know no other. */
  #message: Message
  #client: ConfiguredHttpClient | undefined
  #figures: WriteFigures | undefined

  constructor(context: Context, values: EndpointValues, outgoing: Outgoing) {
    this.#context = context
    this.#values = values
    this.#outgoing = outgoing
    this.#url = new URL(values.url)
    this.#message = values.protobuf_message
    const own = [...values.headers].map(([name, value]) => [name.toLowerCase(), value])
    this.#headers = Object.fromEntries(own) as Record<string, string>
  }

  async open(): Promise<void> {
    const choices = { userAgent: 'weir' }
    this.#client = await ConfiguredHttpClient.open(this.#values, this.#context, choices)
  }

  observe(meter: Meter, delivery: DeliveryFigures): void {
    const { queue_config: config } = this.#values
    this.#figures = new WriteFigures(meter, delivery, this.#outgoing, config)
  }

  async send(batch: SampleBatch, stop: AbortSignal): Promise<PartialSuccess | undefined> {
    const message = this.#message
    const reply = await this.#request(message, batch, stop)
    if (!reply) return undefined
    const { status, header } = reply
    const written = writtenIn(reply)
    const isUnknown =
      status === 415 || (isTaken(status) && batch.items > 0 && written === undefined)
    if (message !== ONE && isUnknown) {
      this.#fallBack(status)
      return this.send(batch, stop)
    }
    // A receiver of 2.0 says what it took of a request with faults.
    const isPartly = message !== ONE && written !== undefined && written > 0 && status < 500
    if (isPartly && written < batch.items && status !== 429) {
      this.#figures?.partly(written)
      return { rejected: batch.items - written, message: this.#textOf(reply) }
    }
    this.#throwUnlessTaken(reply, batch, header('retry-after'))
    this.#figures?.sent(batch)
    return undefined
  }

  async close(giveUp: AbortSignal): Promise<void> {
    await this.#client?.close(giveUp)
  }

  /** Undefined where the message has nothing to say. */
  async #request(
    message: Message,
    batch: SampleBatch,
    stop: AbortSignal,
  ): Promise<HttpReply | undefined> {
    const { clock } = this.#context
    const { families } = this.#outgoing
    const plain =
      message === ONE
        ? withoutCreated(batch).chunks
        : encodeWriteTwo(batch, (metric) => families.find(metric))
    if (plain.length === 0) return undefined
    const body = await compress('snappy', plain)
    const startedAt = clock.monotonic()
    const reply = await this.#client!.request({
      method: 'POST',
      url: this.#url,
      body,
      headers: { ...this.#headers, ...HEADERS[message] },
      timeoutMs: this.#values.remote_timeout,
      signal: stop,
    })
    this.#figures?.tried(body, clock.monotonic() - startedAt)
    return reply
  }

  #fallBack(status: number): void {
    // Others of its requests may be under way.
    if (this.#message === ONE) return
    this.#message = ONE
    const { host } = this.#url
    this.#context.log.warn('the endpoint does not know remote-write 2.0; it gets 1.0', {
      host,
      status,
    })
  }

  /**
   * 5xx and 429 may go better later. Other answers do not change; those that blame the data, or how
   * much it is, may be for a part of it.
   */
  #throwUnlessTaken(reply: HttpReply, batch: SampleBatch, retryAfter: string | undefined): void {
    const { status } = reply
    if (isTaken(status)) return
    const text = this.#textOf(reply)
    const code = codeOfHttp(status)
    const isLater = status === 429 ? this.#values.queue_config.retry_on_http_429 : status >= 500
    // Half as much may be refused with 429 just the same.
    if (!isLater) throw new Permanent(text, status === 429 ? {} : { code })
    this.#figures?.retried(batch)
    const retryAfterMs = parseRetryAfter(retryAfter, this.#context.clock.now())
    throw new Retryable(text, retryAfterMs === undefined ? { code } : { code, retryAfterMs })
  }

  #textOf({ status, body }: HttpReply): string {
    const { host, pathname } = this.#url
    const reason = Buffer.from(body).toString().trim().slice(0, REASON_LENGTH_MAX)
    return `${host}${pathname} answered ${status}${reason && `: ${reason}`}`
  }
}

function isTaken(status: number): boolean {
  return status >= 200 && status < 300
}

/** Samples and histograms that were written; undefined where the answer does not say. */
function writtenIn({ header }: HttpReply): number | undefined {
  const counts = WRITTEN.map((name) => header(name)).filter((one) => one !== undefined)
  if (counts.length === 0) return undefined
  return counts.reduce((sum, one) => sum + (/^\d+$/.test(one) ? Number(one) : 0), 0)
}
