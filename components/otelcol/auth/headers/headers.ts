import type { Batch } from '#pdata'
import {
  type ArgumentsOf,
  attributes,
  blocks,
  type ClientAuth,
  type Component,
  type Context,
  choice,
  defineExtension,
  type Problem,
  string,
  stringOrSecret,
} from '#sdk'
import { debugMetrics } from '../../shared/blocks.js'

const SOURCES = ['value', 'from_context', 'from_attribute'] as const

const header = attributes(
  {
    key: string({ required: true, about: 'The header.', check: headerName }),
    value: stringOrSecret({ about: 'Its value.' }),
    from_context: string({ about: "Copies the value from the sender's request metadata." }),
    from_attribute: string({ about: "Copies the value from what the receiver's auth knows." }),
    action: choice(['insert', 'update', 'upsert', 'delete'], {
      default: 'upsert',
      about: 'insert: if absent; update: if present; upsert: always; delete: removes it.',
    }),
  },
  (values): readonly Problem[] => {
    const given = SOURCES.filter((source) => values[source] !== undefined)
    if (values.action === 'delete') return []
    if (given.length === 1) return []
    return given.length === 0
      ? [{ path: [], message: 'header needs a value', help: `give one of ${SOURCES.join(', ')}` }]
      : [{ path: [given[1]!], message: `header takes only one of ${given.join(' and ')}` }]
  },
)

const schema = attributes({
  header: blocks(header, { required: true, about: 'One header to set or remove.' }),
  debug_metrics: debugMetrics,
})

export default defineExtension({
  name: 'otelcol.auth.headers',
  stability: 'generally-available',
  about: 'Sets or removes headers of outgoing requests.',
  schema,
  exports: { handler: { kind: 'handler', powers: ['client-auth'] } },
  create: (context, values) => new HeadersAuth(context, values),
})

class HeadersAuth implements Component, ClientAuth {
  readonly #context: Context
  readonly #values: ArgumentsOf<typeof schema>

  constructor(context: Context, values: ArgumentsOf<typeof schema>) {
    this.#context = context
    this.#values = values
  }

  start(): Promise<void> {
    this.#context.publish({ handler: this })
    return Promise.resolve()
  }

  stop(): Promise<void> {
    return Promise.resolve()
  }

  authenticate(batch: Batch, headers: Map<string, string>): Promise<void> {
    for (const one of this.#values.header) {
      const name = one.key.toLowerCase()
      if (one.action === 'delete') headers.delete(name)
      if (one.action === 'insert' && headers.has(name)) continue
      if (one.action === 'update' && !headers.has(name)) continue
      const value = headerValue(one, batch)
      if (value !== undefined && one.action !== 'delete') headers.set(name, value)
    }
    return Promise.resolve()
  }
}

/** Undefined where the sender's request had no such value. */
function headerValue(one: ArgumentsOf<typeof header>, { client }: Batch): string | undefined {
  if (one.value !== undefined) return one.value.reveal()
  if (one.from_attribute !== undefined) return client?.auth.get(one.from_attribute)
  const name = one.from_context ?? ''
  if (name.startsWith('auth.')) return client?.auth.get(name.slice('auth.'.length))
  return client?.metadata.get(name.replace(/^metadata\./, '').toLowerCase())?.join(';')
}

/** RFC 9110, section 5.1. */
function headerName(text: string): string | undefined {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text) ? undefined : 'the name of a header'
}
