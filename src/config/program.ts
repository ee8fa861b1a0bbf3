import type { Diagnostic, Span } from '#grammar'
import type { Definition, Value } from '#sdk'

/** A checked config: what runs, in an order in which each node comes after those it refers to. */
export interface Program {
  readonly nodes: readonly ProgramNode[]
  /** The sources' texts, hashed. */
  readonly hash: string
  /**
   * Set where nodes depend on what components export: the same config under the exports of what
   * runs now. Resolves with an equal program while those change nothing.
   */
  renew?(exportsOf: ExportsOf): Promise<Checked>
}

/** One block of the config. */
export interface ProgramNode {
  /**
   * Name and label: `otelcol.receiver.otlp.default`; the name alone for config blocks. In a module
   * behind the module's: `my_module.a/otelcol.receiver.otlp.default`.
   */
  readonly id: string
  readonly definition: Definition
  /** What an error about the whole block marks: its name and label. */
  readonly at: Span
  /** All of it, braces included. */
  readonly block: Span
  /** Ids of the nodes whose exports its expressions use. */
  readonly dependsOn: readonly string[]
  /** The arguments under the exports as they are now. */
  evaluate(exportsOf: ExportsOf): Evaluated
}

/** The exports of a node by name; undefined while it has none. */
export type ExportsOf = (id: string) => ReadonlyMap<string, Value> | undefined

/** Arguments typed by the definition's schema; undefined when `diagnostics` has an error. */
export interface Evaluated {
  readonly values: object | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** A config that has been read and checked. */
export interface Checked {
  /** Undefined when `diagnostics` has an error. */
  readonly program: Program | undefined
  /** In the order of the text, warnings included. */
  readonly diagnostics: readonly Diagnostic[]
  /** Of the sources' names and texts. */
  readonly hash: string
}
