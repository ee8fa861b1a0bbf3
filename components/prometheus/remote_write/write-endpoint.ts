import { ConfiguredHttpClient, codeOfHttp, compress, type HttpReply, parseRetryAfter } from '#net'
import { type SampleBatch, withoutCreated } from '#pdata'
import type { DeliveryFigures, Destination } from '#queue'
import { type Context, type Meter, Permanent, Retryable } from '#sdk'
import type { EndpointValues } from './arguments.js'
import { WriteFigures } from './figures.js'
import type { Outgoing } from './outgoing.js'

/** What an answer may say of a failure is cut to this in messages. */
const REASON_LENGTH_MAX = 500

const HEADERS_1 = {
  'content-type': 'application/x-protobuf',
  'content-encoding': 'snappy',
  'x-prometheus-remote-write-version': '0.1.0',
} as const

/** A server of the remote-write protocol. */
export class WriteEndpoint implements Destination<'samples'> {
  readonly #context: Context
  readonly #values: EndpointValues
  readonly #outgoing: Outgoing
  readonly #url: URL
  readonly #headers: Readonly<Record<string, string>>
  #client: ConfiguredHttpClient | undefined
  #figures: WriteFigures | undefined

  constructor(context: Context, values: EndpointValues, outgoing: Outgoing) {
    this.#context = context
    this.#values = values
    this.#outgoing = outgoing
    this.#url = new URL(values.url)
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

  async send(batch: SampleBatch, stop: AbortSignal): Promise<undefined> {
    const { clock } = this.#context
    const body = await compress('snappy', withoutCreated(batch).chunks)
    const startedAt = clock.monotonic()
    const reply = await this.#client!.request({
      method: 'POST',
      url: this.#url,
      body,
      headers: { ...this.#headers, ...HEADERS_1 },
      timeoutMs: this.#values.remote_timeout,
      signal: stop,
    })
    this.#figures?.tried(body, clock.monotonic() - startedAt)
    this.#throwUnlessTaken(reply, batch)
    this.#figures?.sent(batch)
    return undefined
  }

  async close(giveUp: AbortSignal): Promise<void> {
    await this.#client?.close(giveUp)
  }

  /**
   * 5xx and 429 may go better later. Other answers do not change; those that blame the data, or how
   * much it is, may be for a part of it.
   */
  #throwUnlessTaken({ status, body, header }: HttpReply, batch: SampleBatch): void {
    if (status >= 200 && status < 300) return
    const { host, pathname } = this.#url
    const reason = Buffer.from(body).toString().trim().slice(0, REASON_LENGTH_MAX)
    const text = `${host}${pathname} answered ${status}${reason && `: ${reason}`}`
    const code = codeOfHttp(status)
    const isLater = status === 429 ? this.#values.queue_config.retry_on_http_429 : status >= 500
    // Half as much may be refused with 429 just the same.
    if (!isLater) throw new Permanent(text, status === 429 ? {} : { code })
    this.#figures?.retried(batch)
    const retryAfterMs = parseRetryAfter(header('retry-after'), this.#context.clock.now())
    throw new Retryable(text, retryAfterMs === undefined ? { code } : { code, retryAfterMs })
  }
}
