/**
 * `weir lsp`: the Language Server Protocol over two streams.
 *
 *     started -> initialize -> running -> shutdown -> exit (code 0)
 *
 * Before `initialize` and after `shutdown` requests are refused. `exit` at any other time, or an
 * input that ends without it, gives code 1.
 */
import type { Readable, Writable } from 'node:stream'
import {
  createMessageConnection,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  type InitializeResult,
  type MessageConnection,
  RegistrationRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node'
import type { CheckOptions } from '#config'
import type { Clock, Files } from '#sdk'
import { CAPABILITIES, Client, WATCHED_FILES } from './client.js'
import { Dispatcher } from './dispatcher.js'
import type { AskAgent } from './live.js'
import { Session } from './session.js'
import type { FileMode } from './workspace.js'

export interface LanguageServerOptions {
  readonly input: Readable
  readonly output: Writable
  readonly version: string
  readonly mode: FileMode
  readonly check: CheckOptions
  readonly files: Files
  readonly clock: Clock
  /** Asks the agent whose values hovers show; undefined for none. */
  readonly askAgent: AskAgent | undefined
}

/** Serves until `exit` or the end of the input; gives the exit code. */
export async function serveLanguage(options: LanguageServerOptions): Promise<0 | 1> {
  const reader = new StreamMessageReader(options.input)
  const writer = new StreamMessageWriter(options.output)
  const connection = createMessageConnection(reader, writer, SILENT)
  const dispatcher = new Dispatcher(connection)
  const send = (params: object) => {
    // A client that has gone shows no diagnostics.
    connection.sendNotification('textDocument/publishDiagnostics', params).catch(() => {})
  }
  const session = new Session(options, dispatcher, send)
  handleStart(dispatcher, connection, session, options.version)
  const ended = new Promise<void>((resolve) => {
    dispatcher.notification(ExitNotification.type, () => resolve())
    connection.onClose(() => resolve())
    options.output.on('error', () => resolve())
  })
  dispatcher.request(ShutdownRequest.type, () => {
    dispatcher.state = 'shutdown'
    session.stop()
    return null
  })
  connection.onError(([error]) => dispatcher.failed('reading a message', error))
  connection.listen()
  await ended
  session.stop()
  connection.dispose()
  // Nothing more is read: an input that stays open would keep the process alive.
  options.input.destroy()
  return dispatcher.state === 'shutdown' ? 0 : 1
}

function handleStart(
  dispatcher: Dispatcher,
  connection: MessageConnection,
  session: Session,
  version: string,
): void {
  dispatcher.request(InitializeRequest.type, ({ capabilities }): InitializeResult => {
    session.client = new Client(capabilities ?? {})
    dispatcher.state = 'running'
    return { capabilities: CAPABILITIES, serverInfo: { name: 'weir', version } }
  })
  dispatcher.notification(InitializedNotification.type, async () => {
    await session.load()
    if (!session.client.watches) return
    const watchers = [{ globPattern: WATCHED_FILES }]
    const method = 'workspace/didChangeWatchedFiles'
    const registrations = [{ id: 'weir-files', method, registerOptions: { watchers } }]
    await connection.sendRequest(RegistrationRequest.type, { registrations })
  })
}

/** Standard output belongs to the protocol, and faults are told over it. */
const SILENT = { error() {}, warn() {}, info() {}, log() {} }
