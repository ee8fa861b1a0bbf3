import {
  ErrorCodes,
  LSPErrorCodes,
  type MessageConnection,
  ResponseError,
} from 'vscode-languageserver-protocol/node'
import { messageOf } from '#sdk'

type State = 'started' | 'running' | 'shutdown'

/** A message of the protocol, with the type of its parameters. */
interface MessageType<P> {
  readonly method: string
  /** Never there: it carries the type. */
  readonly _?: readonly [P, ...unknown[]] | undefined
}

type Handler = (params: never) => unknown

/**
 * Gives each message to its handler in the states in which it may come. No message ends the
 * server: what a handler throws is answered as an error, or told to the log of the editor.
 */
export class Dispatcher {
  state: State = 'started'
  readonly #connection: MessageConnection
  readonly #requests = new Map<string, Handler>()
  readonly #notifications = new Map<string, Handler>()

  constructor(connection: MessageConnection) {
    this.#connection = connection
    connection.onRequest((method, params) => this.#request(method, params))
    connection.onNotification((method, params) => this.#notification(method, params))
  }

  request<P>({ method }: MessageType<P>, handler: (params: P) => unknown): void {
    this.#requests.set(method, handler)
  }

  notification<P>({ method }: MessageType<P>, handler: (params: P) => unknown): void {
    this.#notifications.set(method, handler)
  }

  async #request(method: string, params: object | unknown[] | undefined): Promise<unknown> {
    const handler = this.#requests.get(method)
    if (this.state === 'started' && method !== 'initialize') {
      return new ResponseError(ErrorCodes.ServerNotInitialized, 'send initialize first')
    }
    if (this.state === 'shutdown' || (this.state === 'running' && method === 'initialize')) {
      return new ResponseError(ErrorCodes.InvalidRequest, `${method} may not come now`)
    }
    if (!handler) {
      return new ResponseError(ErrorCodes.MethodNotFound, `there is no method ${method}`)
    }
    try {
      return await handler((params ?? {}) as never)
    } catch (error) {
      if (error instanceof Refused) return new ResponseError(error.code, error.message)
      this.failed(method, error)
      return new ResponseError(ErrorCodes.InternalError, messageOf(error))
    }
  }

  async #notification(method: string, params: object | unknown[] | undefined): Promise<void> {
    if (this.state !== 'running' && method !== 'exit') return
    try {
      await this.#notifications.get(method)?.((params ?? {}) as never)
    } catch (error) {
      this.failed(method, error)
    }
  }

  /** Tells the log of the editor. */
  failed(what: string, error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    const message = `weir: ${what} failed: ${text}`
    // A client that has gone reads no log.
    this.#connection.sendNotification('window/logMessage', { type: 1, message }).catch(() => {})
  }
}

/** What a request asks for is not done; the editor shows why. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly code: number

  constructor(message: string, code: number = LSPErrorCodes.RequestFailed) {
    super(message)
    this.code = code
  }
}

export function invalid(message: string): Refused {
  return new Refused(message, ErrorCodes.InvalidParams)
}
