import type { Batch } from '#pdata'
import {
  type ArgumentsOf,
  attributes,
  block,
  type ClientAuth,
  type Component,
  type Context,
  defineExtension,
  messageOf,
  Permanent,
  type Problem,
  Retryable,
  Secret,
  type ServerAuth,
  secret,
  string,
  type Watcher,
} from '#sdk'
import { debugMetrics } from '../../shared/blocks.js'
import { Htpasswd } from './htpasswd.js'

const clientAuth = attributes(
  {
    username: string({ about: 'The user.' }),
    username_file: string({
      about: 'A file with the user; wins, and is read again when it changes.',
    }),
    password: secret({ about: 'The password.' }),
    password_file: string({
      about: 'A file with the password; wins, and is read again when it changes.',
    }),
  },
  (values) =>
    values.username === undefined && values.username_file === undefined
      ? [{ path: [], message: 'client_auth needs username or username_file' }]
      : [],
)

const schema = attributes(
  {
    username: string({ about: 'The user.', deprecated: 'write it into the block client_auth' }),
    password: secret({ about: 'The password.', deprecated: 'write it into the block client_auth' }),
    client_auth: block(clientAuth, { about: 'The credentials that exporters send.' }),
    htpasswd: block(
      attributes({
        file: string({ default: '', about: 'A file of users, as htpasswd writes it.' }),
        inline: string({ default: '', about: 'Users, a line each, as htpasswd writes them.' }),
      }),
      { about: 'The users whose requests receivers take.' },
    ),
    debug_metrics: debugMetrics,
  },
  ({ username, client_auth, htpasswd }): readonly Problem[] =>
    username === undefined && !client_auth && !htpasswd
      ? [
          {
            path: [],
            message: 'otelcol.auth.basic has neither credentials to send nor users to accept',
            help: 'add client_auth { username = "..." } or htpasswd { file = "..." }',
          },
        ]
      : [],
)

type Arguments = ArgumentsOf<typeof schema>

export default defineExtension({
  name: 'otelcol.auth.basic',
  stability: 'generally-available',
  about: 'Puts a user and a password on requests, or asks senders for them.',
  schema,
  exports: { handler: { kind: 'handler', powers: ['client-auth', 'server-auth'] } },
  create: (context, values) => new BasicAuth(context, values),
})

class BasicAuth implements Component, ClientAuth, ServerAuth {
  readonly #context: Context
  readonly #values: Arguments
  readonly #watchers: Watcher[] = []
  #credential: Secret | undefined
  #users: Htpasswd | undefined
  /** Reads follow each other, so that the newest credentials are what stays. */
  #lastRead: Promise<void> = Promise.resolve()

  constructor(context: Context, values: Arguments) {
    this.#context = context
    this.#values = values
  }

  async start(): Promise<void> {
    await this.#read()
    const { client_auth: client, htpasswd } = this.#values
    for (const path of [client?.username_file, client?.password_file, htpasswd?.file]) {
      if (path) this.#watchers.push(this.#context.files.watch(path, () => this.#changed()))
    }
    this.#context.publish({ handler: this })
  }

  async stop(): Promise<void> {
    await Promise.all(this.#watchers.splice(0).map((watcher) => watcher.close()))
  }

  authenticate(_: Batch, headers: Map<string, string>): Promise<void> {
    if (!this.#credential) {
      const message = `${this.#context.id} has no client_auth block, so it cannot send credentials`
      return Promise.reject(new Permanent(message))
    }
    headers.set('authorization', this.#credential.reveal())
    return Promise.resolve()
  }

  async check(
    header: (name: string) => string | undefined,
  ): Promise<ReadonlyMap<string, string> | undefined> {
    const given = /^basic +(\S+)$/i.exec(header('authorization') ?? '')?.[1]
    if (given === undefined || !this.#users) return undefined
    const decoded = Buffer.from(given, 'base64').toString()
    const colon = decoded.indexOf(':')
    if (colon < 0) return undefined
    const user = decoded.slice(0, colon)
    if (!(await this.#users.verify(user, decoded.slice(colon + 1)))) return undefined
    return new Map([
      ['subject', user],
      ['username', user],
    ])
  }

  #changed(): void {
    this.#lastRead = this.#lastRead.then(() => this.#readAgain())
  }

  async #read(): Promise<void> {
    const { username, password, client_auth: client, htpasswd } = this.#values
    const user = await this.#textOf(client?.username_file, client ? client.username : username)
    const secretText = (client ? client.password : password)?.reveal()
    const word = await this.#textOf(client?.password_file, secretText)
    if (user !== undefined) {
      const pair = Buffer.from(`${user}:${word ?? ''}`).toString('base64')
      this.#credential = new Secret(`Basic ${pair}`)
    }
    if (!htpasswd) return
    const file = await this.#textOf(htpasswd.file || undefined, '')
    this.#users = new Htpasswd(`${file}\n${htpasswd.inline}`)
  }

  /** A file that cannot be read now leaves the last credentials in use. */
  async #readAgain(): Promise<void> {
    try {
      await this.#read()
    } catch (error) {
      this.#context.log.warn('the last credentials stay in use', { error: messageOf(error) })
    }
  }

  async #textOf(
    path: string | undefined,
    otherwise: string | undefined,
  ): Promise<string | undefined> {
    if (path === undefined) return otherwise
    const text = Buffer.from(await this.#context.files.read(path)).toString()
    if (text.includes('\0')) throw new Retryable(`${path} is no text`)
    return text.replace(/\r?\n$/, '')
  }
}
