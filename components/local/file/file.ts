import {
  type ArgumentsOf,
  attributes,
  boolean,
  type Component,
  type Context,
  choice,
  defineExtension,
  duration,
  type Health,
  type HealthReporting,
  messageOf,
  OptionalSecret,
  Permanent,
  string,
  type Timer,
  type Watcher,
} from '#sdk'

const schema = attributes({
  filename: string({ required: true, about: 'The file to watch.' }),
  detector: choice(['fsnotify', 'poll'], {
    default: 'fsnotify',
    about: 'How changes are found: by the system, or by reading again.',
  }),
  poll_frequency: duration({
    default: '1m',
    min: '1ms',
    about: 'How often the file is read again; with fsnotify too, in case an event was missed.',
  }),
  is_secret: boolean({ default: false, about: 'Exports the content as a secret.' }),
})

export default defineExtension({
  name: 'local.file',
  stability: 'generally-available',
  about: 'Exports what a file holds, again whenever it changes.',
  schema,
  exports: { content: { kind: 'string-or-secret', secretBy: 'is_secret' } },
  create: (context, values) => new LocalFile(context, values),
})

/** Larger files are refused: the content becomes part of other components' arguments. */
const FILE_BYTES_MAX = 16 * 1024 * 1024

class LocalFile implements Component, HealthReporting {
  readonly #context: Context
  readonly #values: ArgumentsOf<typeof schema>
  #health: Health
  #watcher: Watcher | undefined
  #timer: Timer | undefined
  /** Reads follow each other, so that the newest content is what stays. */
  #lastRead: Promise<void> = Promise.resolve()

  constructor(context: Context, values: ArgumentsOf<typeof schema>) {
    this.#context = context
    this.#values = values
    this.#health = { state: 'healthy', message: 'read', since: context.clock.now() }
  }

  async start(): Promise<void> {
    await this.#read()
    const { filename, detector } = this.#values
    if (detector === 'fsnotify') {
      this.#watcher = this.#context.files.watch(filename, () => this.#changed())
    }
    this.#poll()
  }

  async stop(): Promise<void> {
    this.#timer?.cancel()
    await this.#watcher?.close()
  }

  health(): Health {
    return this.#health
  }

  #poll(): void {
    this.#timer = this.#context.clock.timer(this.#values.poll_frequency, () => {
      this.#changed()
      this.#poll()
    })
  }

  #changed(): void {
    this.#lastRead = this.#lastRead.then(() => this.#readAgain())
  }

  async #read(): Promise<void> {
    const { filename, is_secret: isSecret } = this.#values
    const bytes = await this.#context.files.read(filename)
    if (bytes.length > FILE_BYTES_MAX) {
      throw new Permanent(`${filename} is larger than 16 MiB`)
    }
    this.#context.publish({
      content: new OptionalSecret(Buffer.from(bytes).toString(), isSecret),
    })
  }

  /** The last content stays exported while the file cannot be read. */
  async #readAgain(): Promise<void> {
    const { clock, log } = this.#context
    const was = this.#health.state
    try {
      await this.#read()
      if (was === 'unhealthy') {
        this.#health = { state: 'healthy', message: 'read', since: clock.now() }
      }
    } catch (error) {
      const message = `the last content stays exported: ${messageOf(error)}`
      if (was === 'healthy') log.warn(message)
      this.#health = { state: 'unhealthy', message, since: clock.now() }
    }
  }
}
