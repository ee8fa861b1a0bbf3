import type { PublishDiagnosticsParams } from 'vscode-languageserver-protocol'
import { type CheckOptions, type ImportedModule, loadAndCheck } from '#config'
import type { Diagnostic } from '#grammar'
import type { Clock, Timer } from '#sdk'
import type { ConfigFile } from './config-file.js'
import { homeOf, toLspDiagnostic } from './diagnostic-view.js'
import type { Workspace } from './workspace.js'

/** How long nothing must be typed before a config is checked. */
export const DEBOUNCE_MS = 60

export interface PublisherParts {
  readonly workspace: Workspace
  readonly check: CheckOptions
  readonly clock: Clock
  send(params: PublishDiagnosticsParams): void
  /** Of a fault of the checker. */
  failed(error: unknown): void
}

/** Checks what is open a moment after it has changed, and tells the editor. */
export class Publisher {
  readonly #parts: PublisherParts
  #timer: Timer | undefined
  #running: Promise<void> | undefined
  #again = false
  /** URIs that the editor shows diagnostics of. */
  #shown: ReadonlySet<string> = new Set()
  #found: readonly Diagnostic[] = []
  /** By the URI of each file of a config: what its imports brought when it could last be read. */
  readonly #imports = new Map<string, ReadonlyMap<string, ImportedModule>>()

  constructor(parts: PublisherParts) {
    this.#parts = parts
  }

  /** After any change; each one starts the wait anew. */
  changed(): void {
    this.#timer?.cancel()
    this.#timer = this.#parts.clock.timer(DEBOUNCE_MS, () => {
      this.#timer = undefined
      this.#start().catch((error: unknown) => this.#parts.failed(error))
    })
  }

  /** What was found in a text; of one that has been edited since nothing, until it is checked. */
  async of(file: ConfigFile): Promise<readonly Diagnostic[]> {
    if (this.#timer) {
      this.#timer.cancel()
      this.#timer = undefined
      await this.#start()
    }
    await this.#running
    return this.#found.filter(({ at }) => at.source === file.source)
  }

  /** What the imports of the config of a file brought, by their ids. */
  importsOf({ uri }: ConfigFile): ReadonlyMap<string, ImportedModule> {
    return this.#imports.get(uri) ?? new Map()
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  /** One check at a time: what changes during one is checked after it. */
  async #start(): Promise<void> {
    this.#again = true
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
    await this.#running
  }

  async #run(): Promise<void> {
    while (this.#again) {
      this.#again = false
      try {
        await this.#checkAll()
      } catch (error) {
        this.#parts.failed(error)
      }
    }
  }

  async #checkAll(): Promise<void> {
    const { workspace, check } = this.#parts
    const checked = new Set<ConfigFile>()
    const found: Diagnostic[] = []
    const shown = new Set<string>()
    for (const file of workspace.openFiles) {
      if (checked.has(file)) continue
      const files = workspace.configOf(file)
      for (const one of files) checked.add(one)
      const sources = files.map(({ source }) => source)
      const { diagnostics, imports } = await loadAndCheck(sources, check)
      found.push(...diagnostics)
      if (imports) for (const { uri } of files) this.#imports.set(uri, imports)
      for (const one of files) this.#show(one, files, diagnostics, shown)
    }
    for (const uri of this.#shown) if (!shown.has(uri)) this.#parts.send({ uri, diagnostics: [] })
    this.#shown = shown
    this.#found = found
  }

  #show(
    file: ConfigFile,
    files: readonly ConfigFile[],
    all: readonly Diagnostic[],
    shown: Set<string>,
  ): void {
    const diagnostics = all
      .filter((diagnostic) => homeOf(diagnostic, files) === file)
      .map((diagnostic) => toLspDiagnostic(diagnostic, files))
    const isOpen = file.version !== null
    if (!isOpen && diagnostics.length === 0) return
    shown.add(file.uri)
    const version = isOpen ? { version: file.version } : {}
    this.#parts.send({ uri: file.uri, ...version, diagnostics })
  }
}
