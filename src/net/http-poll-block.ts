/** The arguments of what asks one URL again and again: fields to spread into a body. */
import {
  type ArgumentsOf,
  attributes,
  block,
  duration,
  map,
  type Problem,
  Retryable,
  type Schema,
  string,
  type,
} from '#sdk'
import { ConfiguredHttpClient, type HttpClientSurroundings } from './configured-http-client.js'
import { HTTP_CLIENT_DEFAULTS } from './http-client.js'
import { checkHttpClient, httpClientFields, isHttpUrl } from './http-client-block.js'

/** RFC 9110, 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

export const httpPollFields = {
  url: string({
    required: true,
    about: 'What to ask for.',
    check: (text) =>
      isHttpUrl(text)
        ? undefined
        : 'a URL with http:// or https://, such as "https://config.example.com/content"',
  }),
  method: string({
    default: 'GET',
    about: 'The method of requests.',
    check: (text) => (TOKEN.test(text) ? undefined : 'a method of HTTP, such as "GET"'),
  }),
  headers: map(type.string(), { default: {}, about: 'Headers of requests.' }),
  body: string({ default: '', about: 'The body of requests; none when it is empty.' }),
  poll_frequency: duration({ default: '1m', min: '1ms', about: 'How often it is asked for.' }),
  poll_timeout: duration({ default: '10s', min: '1ms', about: 'How long an answer may take.' }),
  client: block(attributes(httpClientFields, checkHttpClient), {
    absent: 'defaults',
    about: 'How it is asked for.',
  }),
} as const

export type HttpPollValues = ArgumentsOf<Schema<typeof httpPollFields>>

/** The check of a body that has `httpPollFields`. */
export function checkHttpPoll({ headers }: HttpPollValues): readonly Problem[] {
  const wrong = [...headers].find(([name, text]) => !TOKEN.test(name) || /[\0\r\n]/.test(text))
  return wrong ? [{ path: ['headers'], message: `"${wrong[0]}" is no header of one line` }] : []
}

/** Asks the URL of one body. */
export class HttpPoll {
  readonly #values: HttpPollValues
  readonly #client: ConfiguredHttpClient

  private constructor(values: HttpPollValues, client: ConfiguredHttpClient) {
    this.#values = values
    this.#client = client
  }

  /** Larger answers are refused. */
  static async open(
    values: HttpPollValues,
    surroundings: HttpClientSurroundings,
    responseBytesMax: number,
  ): Promise<HttpPoll> {
    const options = { ...HTTP_CLIENT_DEFAULTS, responseBytesMax, userAgent: 'weir' }
    return new HttpPoll(
      values,
      await ConfiguredHttpClient.open(values.client, surroundings, options),
    )
  }

  /** In messages: the rest of a URL may be secret. */
  get host(): string {
    return new URL(this.#values.url).host
  }

  /** The answer as text. Rejects with Retryable. */
  async ask(giveUp: AbortSignal): Promise<string> {
    const { url, method, headers, body, poll_timeout: timeoutMs } = this.#values
    const reply = await this.#client.request({
      method,
      url: new URL(url),
      headers: Object.fromEntries([...headers].map(([name, value]) => [name.toLowerCase(), value])),
      ...(body !== '' && { body: [Buffer.from(body)] }),
      timeoutMs,
      signal: giveUp,
    })
    if (reply.status !== 200) throw new Retryable(`${this.host} answered ${reply.status}`)
    return Buffer.from(reply.body).toString()
  }

  close(giveUp: AbortSignal): Promise<void> {
    return this.#client.close(giveUp)
  }
}
