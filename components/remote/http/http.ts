import {
  ConfiguredHttpClient,
  checkHttpClient,
  HTTP_CLIENT_DEFAULTS,
  httpClientFields,
  isHttpUrl,
} from '#net'
import {
  type ArgumentsOf,
  attributes,
  block,
  boolean,
  type Component,
  type Context,
  defineExtension,
  duration,
  type Health,
  type HealthReporting,
  map,
  OptionalSecret,
  Poller,
  type Problem,
  Retryable,
  string,
  type,
} from '#sdk'

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

const schema = attributes(
  {
    url: string({
      required: true,
      about: 'What to ask for.',
      check: (text) =>
        isHttpUrl(text)
          ? undefined
          : 'a URL with http:// or https://, such as "https://config.example.com/token"',
    }),
    method: string({
      default: 'GET',
      about: 'The method of requests.',
      check: (text) => (TOKEN.test(text) ? undefined : 'a method of HTTP, such as "GET"'),
    }),
    headers: map(type.string(), { default: {}, about: 'Headers of requests.' }),
    body: string({ default: '', about: 'The body of requests; none when it is empty.' }),
    poll_frequency: duration({ default: '1m', min: '1ms', about: 'How often it is asked for.' }),
    poll_timeout: duration({
      default: '10s',
      min: '1ms',
      about: 'How long an answer may take; less than poll_frequency.',
    }),
    is_secret: boolean({ default: false, about: 'Exports the content as a secret.' }),
    client: block(attributes(httpClientFields, checkHttpClient), {
      absent: 'defaults',
      about: 'How it is asked for.',
    }),
  },
  ({ poll_frequency: every, poll_timeout: timeout, headers }): readonly Problem[] => {
    if (timeout >= every) {
      return [{ path: ['poll_timeout'], message: 'poll_timeout must be less than poll_frequency' }]
    }
    const wrong = [...headers].find(([name, text]) => !TOKEN.test(name) || /[\0\r\n]/.test(text))
    return wrong ? [{ path: ['headers'], message: `"${wrong[0]}" is no header of one line` }] : []
  },
)

type Arguments = ArgumentsOf<typeof schema>

export default defineExtension({
  name: 'remote.http',
  stability: 'generally-available',
  about: 'Exports what an HTTP endpoint answers, again whenever that changes.',
  schema,
  exports: { content: { kind: 'string-or-secret', secretBy: 'is_secret' } },
  create: (context, values) => new RemoteHttp(context, values),
})

/** Larger answers are refused: the content becomes part of other components' arguments. */
const ANSWER_BYTES_MAX = 16 * 1024 * 1024

class RemoteHttp implements Component, HealthReporting {
  readonly #context: Context
  readonly #values: Arguments
  readonly #poller: Poller
  #client: ConfiguredHttpClient | undefined
  #content: string | undefined

  constructor(context: Context, values: Arguments) {
    this.#context = context
    this.#values = values
    this.#poller = new Poller(context, values.poll_frequency, (stop) => this.#poll(stop))
  }

  /** The first answer must be there: others take their arguments from it. */
  async start(): Promise<void> {
    this.#client = await ConfiguredHttpClient.open(this.#values.client, this.#context, {
      ...HTTP_CLIENT_DEFAULTS,
      responseBytesMax: ANSWER_BYTES_MAX,
      userAgent: 'weir',
    })
    await this.#poller.start()
  }

  async stop(giveUp: AbortSignal): Promise<void> {
    this.#poller.stop()
    await this.#client?.close(giveUp)
  }

  health(): Health {
    return this.#poller.health()
  }

  /** What was answered last stays exported while there is no other answer. */
  async #poll(stop: AbortSignal): Promise<string> {
    const { url, method, headers, body, poll_timeout: timeoutMs, is_secret } = this.#values
    const reply = await this.#client!.request({
      method,
      url: new URL(url),
      headers: Object.fromEntries([...headers].map(([name, value]) => [name.toLowerCase(), value])),
      ...(body !== '' && { body: [Buffer.from(body)] }),
      timeoutMs,
      signal: stop,
    })
    const { host } = new URL(url)
    if (reply.status !== 200) throw new Retryable(`${host} answered ${reply.status}`)
    const content = Buffer.from(reply.body).toString().trim()
    if (!stop.aborted && content !== this.#content) {
      this.#content = content
      this.#context.publish({ content: new OptionalSecret(content, is_secret) })
    }
    return `${host} answered`
  }
}
