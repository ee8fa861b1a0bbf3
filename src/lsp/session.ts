import {
  type CodeAction,
  CodeActionRequest,
  CompletionRequest,
  DefinitionRequest,
  DidChangeTextDocumentNotification,
  DidChangeWatchedFilesNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DidSaveTextDocumentNotification,
  DocumentFormattingRequest,
  DocumentSymbolRequest,
  HoverRequest,
  PrepareRenameRequest,
  ReferencesRequest,
  RenameRequest,
  SignatureHelpRequest,
} from 'vscode-languageserver-protocol/node'
import { Catalogue } from './catalogue.js'
import { Client } from './client.js'
import { codeActions } from './code-actions.js'
import { complete } from './completion.js'
import type { ConfigFile } from './config-file.js'
import type { Dispatcher } from './dispatcher.js'
import { documentSymbols } from './document-symbols.js'
import { formatFile } from './formatting.js'
import { hover } from './hover.js'
import { LiveAgent } from './live.js'
import { definitionAt, referencesAt } from './navigation.js'
import * as params from './params.js'
import { Publisher, type PublisherParts } from './publisher.js'
import { renameAt, renameableAt } from './rename.js'
import type { LanguageServerOptions } from './server.js'
import { signatureAt } from './signature.js'
import { ConfigView } from './view.js'
import { Workspace } from './workspace.js'

type Send = PublisherParts['send']

/** One editor's session: what it has open, and the answers to its requests. */
export class Session {
  client = new Client({})
  readonly #options: LanguageServerOptions
  readonly #workspace: Workspace
  readonly #publisher: Publisher
  readonly #catalogue: Catalogue
  readonly #live: LiveAgent | undefined
  /** Set once components are wanted. */
  #loaded: Promise<void> | undefined
  /** The last reading of files beside open ones; never rejects. */
  #refreshed: Promise<void> = Promise.resolve()

  constructor(options: LanguageServerOptions, dispatcher: Dispatcher, send: Send) {
    const { check, clock, askAgent } = options
    this.#options = options
    this.#workspace = new Workspace(options.files, options.mode)
    const failed = (error: unknown) => dispatcher.failed('the check', error)
    this.#publisher = new Publisher({ workspace: this.#workspace, check, clock, send, failed })
    this.#catalogue = new Catalogue(check.registry, check.environment)
    this.#live = askAgent && new LiveAgent(askAgent)
    this.#followTexts(dispatcher)
    this.#answer(dispatcher)
  }

  stop(): void {
    this.#publisher.stop()
  }

  /** Makes all components known; the first answer need not wait for them when this was called. */
  load(): Promise<void> {
    const { registry } = this.#options.check
    this.#loaded ??= registry.load(registry.names)
    return this.#loaded
  }

  #followTexts(dispatcher: Dispatcher): void {
    const { notification } = bound(dispatcher)
    notification(DidOpenTextDocumentNotification.type, (opened) => {
      const uri = params.uriIn(opened)
      const text = params.textIn(opened.textDocument, 'text')
      this.#workspace.open(uri, params.versionIn(opened), text)
      return this.#refresh([uri])
    })
    notification(DidChangeTextDocumentNotification.type, (changed) => {
      const changes = params.changesIn(changed)
      this.#workspace.change(params.uriIn(changed), params.versionIn(changed), changes)
      this.#publisher.changed()
    })
    notification(DidSaveTextDocumentNotification.type, (saved) =>
      this.#refresh([params.uriIn(saved)]),
    )
    notification(DidCloseTextDocumentNotification.type, (closed) => {
      const uri = params.uriIn(closed)
      this.#workspace.close(uri)
      return this.#refresh([uri])
    })
    notification(DidChangeWatchedFilesNotification.type, (changed) =>
      this.#refresh(params.changedUrisIn(changed)),
    )
  }

  /** Reads the files beside these again, then checks. */
  async #refresh(uris: readonly string[]): Promise<void> {
    const before = this.#refreshed
    this.#refreshed = before.then(async () => {
      for (const uri of uris) await this.#workspace.refresh(uri).catch(() => {})
    })
    await this.#refreshed
    this.#publisher.changed()
  }

  #answer(dispatcher: Dispatcher): void {
    const { request } = bound(dispatcher)
    const at = async <R>(
      asked: unknown,
      answer: (view: ConfigView, offset: number) => R | Promise<R>,
    ) => {
      const position = params.positionIn(asked)
      return this.#view(asked, (view) => answer(view, view.file.offsetAt(position)))
    }
    request(CompletionRequest.type, (asked) =>
      at(asked, (view, offset) => complete(view, offset, this.client.snippets)),
    )
    request(SignatureHelpRequest.type, (asked) => at(asked, signatureAt))
    request(HoverRequest.type, (asked) =>
      at(asked, (view, offset) => hover(view, offset, this.#live)),
    )
    request(DefinitionRequest.type, (asked) => at(asked, definitionAt))
    request(ReferencesRequest.type, (asked) => {
      const withDeclaration = asked.context?.includeDeclaration === true
      return at(asked, (view, offset) => referencesAt(view, offset, withDeclaration))
    })
    request(PrepareRenameRequest.type, (asked) => at(asked, renameableAt))
    request(RenameRequest.type, (asked) => {
      const label = params.textIn(asked, 'newName')
      return at(asked, (view, offset) => this.client.editOf(renameAt(view, offset, label)))
    })
    request(DocumentSymbolRequest.type, (asked) =>
      this.#view(asked, ({ file }) => documentSymbols(file)),
    )
    request(DocumentFormattingRequest.type, (asked) =>
      this.#view(asked, ({ file }) => formatFile(file)),
    )
    request(CodeActionRequest.type, (asked) => this.#codeActions(asked))
  }

  async #codeActions(asked: unknown): Promise<readonly CodeAction[] | null> {
    const range = params.rangeIn(asked)
    return this.#view(asked, async (view) => {
      const diagnostics = await this.#publisher.of(view.file)
      return codeActions(view, range, diagnostics).map(({ action, edits }) => ({
        ...action,
        edit: this.client.editOf(edits),
      }))
    })
  }

  /** Answers with the text as it was when the request came; null where it is not open. */
  async #view<R>(asked: unknown, answer: (view: ConfigView) => R | Promise<R>): Promise<R | null> {
    const file = this.#workspace.get(params.uriIn(asked))
    if (!file) return null
    await Promise.all([this.#refreshed, this.load()])
    return answer(this.#viewOf(file))
  }

  #viewOf(file: ConfigFile): ConfigView {
    const imports = this.#publisher.importsOf(file)
    return new ConfigView(file, this.#workspace.configOf(file), this.#catalogue, imports)
  }
}

function bound(dispatcher: Dispatcher): Pick<Dispatcher, 'request' | 'notification'> {
  return {
    request: (type, handler) => dispatcher.request(type, handler),
    notification: (type, handler) => dispatcher.notification(type, handler),
  }
}
