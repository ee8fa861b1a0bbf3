import { PassThrough, type Readable, type Writable } from 'node:stream'
import {
  type ClientCapabilities,
  type CodeAction,
  type CompletionItem,
  createMessageConnection,
  type Diagnostic,
  type DocumentSymbol,
  type Hover,
  type InitializeResult,
  type Location,
  type MessageConnection,
  type Position,
  type Range,
  type SignatureHelp,
  StreamMessageReader,
  StreamMessageWriter,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver-protocol/node'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { components } from '#components'
import { Registry, systemEnvironment } from '#config'
import { importBlocks, systemPrograms } from '#imports'
import { type FileMode, serveLanguage } from '#lsp'
import { systemNetwork } from '#net'
import { systemClock, systemDisk, systemFiles } from '#sdk'
import { FakeClock } from './fake-clock.js'

/** Stands for the cursor in the texts of tests. */
const CURSOR = '‸'

interface Published {
  readonly uri: string
  readonly version?: number
  readonly diagnostics: readonly Diagnostic[]
}

/** An editor, as a language server sees it, which applies what it is told. */
export class LanguageClient {
  readonly connection: MessageConnection
  readonly published = new Map<string, Published>()
  /** What the server has told its log. */
  readonly logged: string[] = []
  readonly #texts = new Map<string, TextDocument>()
  #waiting: (() => void)[] = []

  constructor(fromServer: Readable, toServer: Writable) {
    const reader = new StreamMessageReader(fromServer)
    this.connection = createMessageConnection(reader, new StreamMessageWriter(toServer))
    this.connection.onNotification('textDocument/publishDiagnostics', (params: Published) => {
      this.published.set(params.uri, params)
      for (const wake of this.#waiting.splice(0)) wake()
    })
    this.connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
      this.logged.push(message)
    })
    this.connection.onRequest('client/registerCapability', () => null)
    this.connection.listen()
  }

  async initialize(capabilities: ClientCapabilities = {}): Promise<InitializeResult> {
    const params = { processId: null, rootUri: null, capabilities }
    const result = await this.connection.sendRequest<InitializeResult>('initialize', params)
    await this.connection.sendNotification('initialized', {})
    return result
  }

  async shutdown(): Promise<void> {
    await this.connection.sendRequest('shutdown')
    await this.connection.sendNotification('exit')
  }

  textOf(uri: string): string {
    return this.#texts.get(uri)!.getText()
  }

  async open(uri: string, text: string): Promise<void> {
    this.#texts.set(uri, TextDocument.create(uri, 'river', 1, text))
    const textDocument = { uri, languageId: 'river', version: 1, text }
    await this.connection.sendNotification('textDocument/didOpen', { textDocument })
  }

  /** Replaces the `length` characters at an offset. */
  async edit(uri: string, offset: number, length: number, text: string): Promise<void> {
    const before = this.#texts.get(uri)!
    const range = { start: before.positionAt(offset), end: before.positionAt(offset + length) }
    await this.#change(uri, [{ range, text }])
  }

  /** As an editor does with an answer: from the last to the first. */
  async apply(uri: string, edits: readonly TextEdit[]): Promise<void> {
    const start = ({ range }: TextEdit) => this.#texts.get(uri)!.offsetAt(range.start)
    const sorted = edits.toSorted((a, b) => start(b) - start(a))
    const changes = sorted.map(({ range, newText: text }) => ({ range, text }))
    if (changes.length > 0) await this.#change(uri, changes)
  }

  async #change(uri: string, contentChanges: { range: Range; text: string }[]): Promise<void> {
    const before = this.#texts.get(uri)!
    const version = before.version + 1
    this.#texts.set(uri, TextDocument.update(before, contentChanges, version))
    const textDocument = { uri, version }
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument,
      contentChanges,
    })
  }

  async close(uri: string): Promise<void> {
    this.#texts.delete(uri)
    await this.connection.sendNotification('textDocument/didClose', { textDocument: { uri } })
  }

  /** What the server says of the text as it is now; waits until it says so. */
  async diagnosticsOf(uri: string): Promise<readonly Diagnostic[]> {
    for (;;) {
      const said = this.published.get(uri)
      if (said && said.version === this.#texts.get(uri)?.version) return said.diagnostics
      await new Promise<void>((wake) => this.#waiting.push(wake))
    }
  }

  positionOf(uri: string, offset: number): Position {
    return this.#texts.get(uri)!.positionAt(offset)
  }

  /** What a range has in it. */
  textAt(uri: string, range: Range): string {
    return this.#texts.get(uri)!.getText(range)
  }

  #at(uri: string, offset: number) {
    return { textDocument: { uri }, position: this.positionOf(uri, offset) }
  }

  async completions(uri: string, offset: number): Promise<readonly CompletionItem[]> {
    return this.connection.sendRequest('textDocument/completion', this.#at(uri, offset))
  }

  async hover(uri: string, offset: number): Promise<Hover | null> {
    return this.connection.sendRequest('textDocument/hover', this.#at(uri, offset))
  }

  async signature(uri: string, offset: number): Promise<SignatureHelp | null> {
    return this.connection.sendRequest('textDocument/signatureHelp', this.#at(uri, offset))
  }

  async definition(uri: string, offset: number): Promise<Location | null> {
    return this.connection.sendRequest('textDocument/definition', this.#at(uri, offset))
  }

  async references(uri: string, offset: number): Promise<readonly Location[]> {
    const context = { includeDeclaration: true }
    const params = { ...this.#at(uri, offset), context }
    return this.connection.sendRequest('textDocument/references', params)
  }

  async prepareRename(uri: string, offset: number): Promise<{ placeholder: string } | null> {
    return this.connection.sendRequest('textDocument/prepareRename', this.#at(uri, offset))
  }

  async rename(uri: string, offset: number, newName: string): Promise<WorkspaceEdit> {
    const params = { ...this.#at(uri, offset), newName }
    return this.connection.sendRequest('textDocument/rename', params)
  }

  async symbols(uri: string): Promise<readonly DocumentSymbol[]> {
    const params = { textDocument: { uri } }
    return this.connection.sendRequest('textDocument/documentSymbol', params)
  }

  async formatting(uri: string): Promise<readonly TextEdit[]> {
    const options = { tabSize: 2, insertSpaces: false }
    const params = { textDocument: { uri }, options }
    return this.connection.sendRequest('textDocument/formatting', params)
  }

  async codeActions(uri: string, range: Range): Promise<readonly CodeAction[]> {
    const params = { textDocument: { uri }, range, context: { diagnostics: [] } }
    return this.connection.sendRequest('textDocument/codeAction', params)
  }
}

interface ServerOptions {
  readonly mode?: FileMode
  readonly askAgent?: (path: string) => Promise<{ status: number; body: unknown }>
}

export interface LanguageServer {
  readonly client: LanguageClient
  readonly clock: FakeClock
  /** What reaches the server. */
  readonly input: PassThrough
  readonly exit: Promise<0 | 1>
}

/** A language server with all components in this process. */
export function startLanguageServer({
  mode = 'auto',
  askAgent,
}: ServerOptions = {}): LanguageServer {
  const input = new PassThrough()
  const output = new PassThrough()
  const clock = new FakeClock()
  const imports = readingImports()
  const exit = serveLanguage({
    input,
    output,
    version: '1.2.3',
    mode,
    check: {
      registry: new Registry(imports.definitions, components),
      environment: systemEnvironment({}, '1.2.3'),
      stability: 'generally-available',
      imports: imports.store.aside,
    },
    files: systemFiles,
    clock,
    askAgent,
  })
  return { client: new LanguageClient(output, input), clock, input, exit }
}

/** Imports read from this machine. */
function readingImports() {
  const imports = importBlocks()
  imports.store.open({
    network: systemNetwork,
    clock: systemClock,
    files: systemFiles,
    disk: systemDisk,
    programs: systemPrograms({}),
    log: { debug() {}, info() {}, warn() {}, error() {} },
    storagePath: undefined,
  })
  return imports
}

/** A text without its cursor, and the offset at which that stood. */
export function atCursor(marked: string): { readonly text: string; readonly offset: number } {
  const offset = marked.indexOf(CURSOR)
  if (offset < 0) throw new Error('the text needs a cursor')
  return { text: marked.replace(CURSOR, ''), offset }
}
