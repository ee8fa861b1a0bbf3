import { dirname, join } from 'node:path'
import type { TextDocumentContentChangeEvent } from 'vscode-languageserver-protocol'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { readSource, SOURCE_SIZE_MAX } from '#grammar'
import type { Files } from '#sdk'
import { ConfigFile, pathOf, uriOf } from './config-file.js'
import { linkedWith, shareNames } from './linked-files.js'

/**
 * Which files are one config. 'auto': those of a folder, unless two declare the same; then a file
 * and those that it shares references with.
 */
export type FileMode = 'auto' | 'folder' | 'file'

/** More files of one folder are not read. */
const FILES_MAX = 500
const CONFIG_FILE = /\.(river|alloy)$/

interface OpenText {
  readonly document: TextDocument
  readonly file: ConfigFile
}

/** The texts that the editor has open, and the files beside them. */
export class Workspace {
  readonly #files: Files
  readonly #mode: FileMode
  /** By key. */
  readonly #open = new Map<string, OpenText>()
  /** What is on disk, by folder and path. */
  readonly #folders = new Map<string, ReadonlyMap<string, ConfigFile>>()

  constructor(files: Files, mode: FileMode) {
    this.#files = files
    this.#mode = mode
  }

  open(uri: string, version: number, text: string): void {
    const document = TextDocument.create(uri, 'river', version, text)
    this.#open.set(keyOf(uri), { document, file: new ConfigFile(uri, version, text) })
  }

  /** Of a text that is not open nothing changes. */
  change(uri: string, version: number, changes: TextDocumentContentChangeEvent[]): void {
    const open = this.#open.get(keyOf(uri))
    if (!open) return
    const document = TextDocument.update(open.document, changes, version)
    const file = new ConfigFile(open.document.uri, version, document.getText())
    this.#open.set(keyOf(uri), { document, file })
  }

  close(uri: string): void {
    this.#open.delete(keyOf(uri))
  }

  get(uri: string): ConfigFile | undefined {
    return this.#open.get(keyOf(uri))?.file
  }

  get openFiles(): readonly ConfigFile[] {
    return [...this.#open.values()].map(({ file }) => file)
  }

  /** Reads the files beside one again. What cannot be read is left out. */
  async refresh(uri: string): Promise<void> {
    const path = pathOf(uri)
    if (path === undefined) return
    const folder = dirname(path)
    const names = ((await this.#files.names(folder).catch(() => undefined)) ?? [])
      .filter((name) => CONFIG_FILE.test(name))
      .slice(0, FILES_MAX)
    const before = this.#folders.get(folder)
    const read = names.map(async (name) => {
      const one = join(folder, name)
      const file = await this.#read(one, before?.get(one))
      return file ? [[one, file] as const] : []
    })
    this.#folders.set(folder, new Map((await Promise.all(read)).flat()))
  }

  /** An unchanged file stays the same object, and so does what is known of it. */
  async #read(path: string, before: ConfigFile | undefined): Promise<ConfigFile | undefined> {
    try {
      const bytes = await this.#files.read(path)
      if (bytes.length > SOURCE_SIZE_MAX) return undefined
      const { text } = readSource(path, bytes)
      return before?.source.text === text ? before : new ConfigFile(uriOf(path), null, text)
    } catch {
      return undefined
    }
  }

  /** The files of the config that one belongs to, in the order of their names. */
  configOf(file: ConfigFile): readonly ConfigFile[] {
    const path = pathOf(file.uri)
    if (path === undefined || this.#mode === 'file') return [file]
    const folder = dirname(path)
    const files = new Map(this.#folders.get(folder))
    for (const [key, { file: open }] of this.#open) {
      if (pathOf(open.uri) !== undefined && dirname(key) === folder) files.set(key, open)
    }
    files.set(path, file)
    const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
    if (this.#mode === 'folder' || !shareNames(sorted)) return sorted
    return linkedWith(file, sorted)
  }
}

/** Clients write one path as a URI in more than one way. */
function keyOf(uri: string): string {
  return pathOf(uri) ?? uri
}
