import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Range } from 'vscode-languageserver-protocol'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { type ParsedFile, parseFile, Source, type Span } from '#grammar'

/** One text of a config as it is now; an edit makes a new one. */
export class ConfigFile {
  readonly uri: string
  /** Of the editor's text; null for a file that no editor has open. */
  readonly version: number | null
  readonly source: Source
  readonly #document: TextDocument

  constructor(uri: string, version: number | null, text: string) {
    this.uri = uri
    this.version = version
    this.source = new Source(nameOf(uri), text)
    this.#document = TextDocument.create(uri, 'river', version ?? 0, text)
  }

  get parsed(): ParsedFile {
    return parseFile(this.source)
  }

  /** Offsets of the grammar count UTF-16 units, as the protocol's characters do. */
  offsetAt(position: { readonly line: number; readonly character: number }): number {
    return this.#document.offsetAt(position)
  }

  rangeOf({ start, end }: Pick<Span, 'start' | 'end'>): Range {
    return { start: this.#document.positionAt(start), end: this.#document.positionAt(end) }
  }
}

/** The path behind a `file:` URI; undefined for texts that are in no file. */
export function pathOf(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined
  try {
    return fileURLToPath(uri)
  } catch {
    return undefined
  }
}

export function uriOf(path: string): string {
  return pathToFileURL(path).href
}

function nameOf(uri: string): string {
  return pathOf(uri) ?? uri
}
