import type {
  ClientCapabilities,
  ServerCapabilities,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver-protocol'
import { CodeActionKind, TextDocumentSyncKind } from 'vscode-languageserver-protocol'
import type { FileEdits } from './rename.js'

/** What the editor can do, as far as it matters here. */
export class Client {
  readonly snippets: boolean
  /** Whether it tells of changed files when it is asked to. */
  readonly watches: boolean
  readonly #versionedEdits: boolean

  constructor({ textDocument, workspace }: ClientCapabilities) {
    this.snippets = textDocument?.completion?.completionItem?.snippetSupport === true
    this.watches = workspace?.didChangeWatchedFiles?.dynamicRegistration === true
    this.#versionedEdits = workspace?.workspaceEdit?.documentChanges === true
  }

  /** With versions, where the editor takes them: an edit of an older text is refused there. */
  editOf(edits: FileEdits): WorkspaceEdit {
    const all = [...edits].map(([file, one]) => ({ file, edits: [...one] }))
    if (this.#versionedEdits) {
      return {
        documentChanges: all.map(({ file, edits: one }) => ({
          textDocument: { uri: file.uri, version: file.version },
          edits: one,
        })),
      }
    }
    const changes: Record<string, TextEdit[]> = {}
    for (const { file, edits: one } of all) changes[file.uri] = one
    return { changes }
  }
}

export const CAPABILITIES: ServerCapabilities = {
  positionEncoding: 'utf-16',
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
  completionProvider: { triggerCharacters: ['.', '"', '['] },
  signatureHelpProvider: { triggerCharacters: ['(', ','] },
  hoverProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  renameProvider: { prepareProvider: true },
  documentSymbolProvider: true,
  documentFormattingProvider: true,
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
}

/** The files whose changes the editor is asked to tell. */
export const WATCHED_FILES = '**/*.{river,alloy}'
