import type { Batch } from '#pdata'
import {
  type ArgumentsOf,
  attributes,
  type ClientAuth,
  type Component,
  type Context,
  defineExtension,
  Secret,
  type ServerAuth,
  secret,
  string,
} from '#sdk'
import { debugMetrics } from '../../shared/blocks.js'

const schema = attributes({
  token: secret({ required: true, about: 'The token.' }),
  scheme: string({ default: 'Bearer', about: 'What stands before the token; may be empty.' }),
  header: string({ default: 'Authorization', about: 'The header that carries it.' }),
  debug_metrics: debugMetrics,
})

export default defineExtension({
  name: 'otelcol.auth.bearer',
  stability: 'generally-available',
  about: 'Puts a bearer token on requests, or asks senders for it.',
  schema,
  exports: { handler: { kind: 'handler', powers: ['client-auth', 'server-auth'] } },
  create: (context, values) => new BearerAuth(context, values),
})

class BearerAuth implements Component, ClientAuth, ServerAuth {
  readonly #context: Context
  readonly #header: string
  readonly #credential: Secret

  constructor(context: Context, { token, scheme, header }: ArgumentsOf<typeof schema>) {
    this.#context = context
    this.#header = header.toLowerCase()
    this.#credential = new Secret(scheme === '' ? token.reveal() : `${scheme} ${token.reveal()}`)
  }

  start(): Promise<void> {
    this.#context.publish({ handler: this })
    return Promise.resolve()
  }

  stop(): Promise<void> {
    return Promise.resolve()
  }

  authenticate(_: Batch, headers: Map<string, string>): Promise<void> {
    headers.set(this.#header, this.#credential.reveal())
    return Promise.resolve()
  }

  check(
    header: (name: string) => string | undefined,
  ): Promise<ReadonlyMap<string, string> | undefined> {
    const given = header(this.#header)
    const passes = given !== undefined && this.#credential.equals(new Secret(given))
    return Promise.resolve(passes ? new Map() : undefined)
  }
}
