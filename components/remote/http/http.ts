import { checkHttpPoll, HttpPoll, httpPollFields } from '#net'
import {
  type ArgumentsOf,
  attributes,
  boolean,
  type Component,
  type Context,
  defineExtension,
  type Health,
  type HealthReporting,
  OptionalSecret,
  Poller,
} from '#sdk'

const schema = attributes(
  {
    ...httpPollFields,
    is_secret: boolean({ default: false, about: 'Exports the content as a secret.' }),
  },
  (values) =>
    values.poll_timeout >= values.poll_frequency
      ? [{ path: ['poll_timeout'], message: 'poll_timeout must be less than poll_frequency' }]
      : checkHttpPoll(values),
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
  #http: HttpPoll | undefined
  #content: string | undefined

  constructor(context: Context, values: Arguments) {
    this.#context = context
    this.#values = values
    this.#poller = new Poller(context, values.poll_frequency, (stop) => this.#poll(stop))
  }

  /** The first answer must be there: others take their arguments from it. */
  async start(): Promise<void> {
    this.#http = await HttpPoll.open(this.#values, this.#context, ANSWER_BYTES_MAX)
    await this.#poller.start()
  }

  async stop(giveUp: AbortSignal): Promise<void> {
    this.#poller.stop()
    await this.#http?.close(giveUp)
  }

  health(): Health {
    return this.#poller.health()
  }

  /** What was answered last stays exported while there is no other answer. */
  async #poll(stop: AbortSignal): Promise<string> {
    const http = this.#http!
    const content = (await http.ask(stop)).trim()
    if (!stop.aborted && content !== this.#content) {
      this.#content = content
      const exported = new OptionalSecret(content, this.#values.is_secret)
      this.#context.publish({ content: exported })
    }
    return `${http.host} answered`
  }
}
