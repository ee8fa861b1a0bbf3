import {
  ConfiguredHttpClient,
  checkHttpClient,
  HTTP_CLIENT_DEFAULTS,
  httpClientFields,
  isHttpUrl,
} from '#net'
import { type ArgumentsOf, attributes, block, duration, map, Retryable, string, type } from '#sdk'
import { checksumField } from './checksum.js'
import { IMPORT_BYTES_MAX, type ImportKind } from './import-kind.js'

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

const schema = attributes(
  {
    url: string({
      required: true,
      about: 'What to ask for.',
      check: (text) =>
        isHttpUrl(text)
          ? undefined
          : 'a URL with http:// or https://, such as "https://config.example.com/module.alloy"',
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
    checksum: checksumField,
  },
  ({ headers }) => {
    const wrong = [...headers].find(([name, text]) => !TOKEN.test(name) || /[\0\r\n]/.test(text))
    return wrong ? [{ path: ['headers'], message: `"${wrong[0]}" is no header of one line` }] : []
  },
)

export const importHttp: ImportKind<ArgumentsOf<typeof schema>> = {
  definition: {
    name: 'import.http',
    stability: 'generally-available',
    about: 'Imports modules from an HTTP server, again whenever its answer changes.',
    schema,
  },
  sourceOf: ({ url, method, body }) => `${method} ${url} ${body}`,
  read: async (values, { folder }, world, giveUp) => {
    const { url, method, headers, body, poll_timeout: timeoutMs } = values
    const client = await ConfiguredHttpClient.open(values.client, world, {
      ...HTTP_CLIENT_DEFAULTS,
      responseBytesMax: IMPORT_BYTES_MAX,
      userAgent: 'weir',
    })
    try {
      const reply = await client.request({
        method,
        url: new URL(url),
        headers: Object.fromEntries(
          [...headers].map(([name, value]) => [name.toLowerCase(), value]),
        ),
        ...(body !== '' && { body: [Buffer.from(body)] }),
        timeoutMs,
        signal: giveUp,
      })
      if (reply.status !== 200) {
        throw new Retryable(`${new URL(url).host} answered ${reply.status}`)
      }
      return { texts: [{ name: nameOf(url), text: Buffer.from(reply.body).toString() }], folder }
    } finally {
      await client.close(AbortSignal.abort())
    }
  },
  everyMs: ({ poll_frequency }) => poll_frequency,
  checksum: ({ checksum }) => checksum,
}

/** Without what may be secret. */
function nameOf(text: string): string {
  const { origin, pathname } = new URL(text)
  return origin + pathname
}
