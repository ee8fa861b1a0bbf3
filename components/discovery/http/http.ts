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
  type Context,
  defineExtension,
  duration,
  type Found,
  Permanent,
  Retryable,
  string,
  type TargetFinder,
  TargetSearch,
} from '#sdk'
import { DOCUMENT_BYTES_MAX, readTargetGroups } from '../shared/target-groups.js'

const schema = attributes(
  {
    url: string({
      required: true,
      about: 'Where the list of target groups is.',
      check: (text) =>
        isHttpUrl(text)
          ? undefined
          : 'a URL with http:// or https://, such as "http://inventory/targets"',
    }),
    refresh_interval: duration({
      default: '60s',
      min: '1ms',
      about: 'How often it is asked for again.',
    }),
    ...httpClientFields,
  },
  checkHttpClient,
)

type Arguments = ArgumentsOf<typeof schema>

export default defineExtension({
  name: 'discovery.http',
  stability: 'generally-available',
  about: 'Exports the targets that an HTTP endpoint lists.',
  schema,
  exports: { targets: { kind: 'targets' } },
  create: (context, values) =>
    new TargetSearch(context, values.refresh_interval, new TargetEndpoint(context, values)),
})

class TargetEndpoint implements TargetFinder {
  readonly #context: Context
  readonly #values: Arguments
  #client: ConfiguredHttpClient | undefined

  constructor(context: Context, values: Arguments) {
    this.#context = context
    this.#values = values
  }

  async open(): Promise<void> {
    this.#client = await ConfiguredHttpClient.open(this.#values, this.#context, {
      ...HTTP_CLIENT_DEFAULTS,
      responseBytesMax: DOCUMENT_BYTES_MAX,
      userAgent: 'weir',
    })
  }

  async find(stop: AbortSignal): Promise<Found> {
    const { url, refresh_interval: intervalMs } = this.#values
    const { host } = new URL(url)
    const shown = withoutPassword(url)
    const reply = await this.#client!.request({
      method: 'GET',
      url: new URL(url),
      headers: {
        accept: 'application/json',
        'x-prometheus-refresh-interval-seconds': String(intervalMs / 1000),
      },
      timeoutMs: intervalMs,
      signal: stop,
    })
    if (reply.status !== 200) throw new Retryable(`${host} answered ${reply.status}`)
    const type = reply.header('content-type') ?? 'nothing'
    if (!/^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i.test(type)) {
      throw new Permanent(`${host} answered with ${type} instead of application/json`)
    }
    const targets = await readTargetGroups(shown, reply.body, 'json', [['__meta_url', shown]])
    return { targets, faults: [] }
  }

  async close(giveUp: AbortSignal): Promise<void> {
    await this.#client?.close(giveUp)
  }
}

/** Labels and messages are for everybody. */
function withoutPassword(url: string): string {
  const shown = new URL(url)
  if (shown.password === '') return url
  shown.password = ''
  return shown.href
}
