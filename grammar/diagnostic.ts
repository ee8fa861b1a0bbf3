import type { Code } from './codes.js'
import type { Span } from './source.js'

/**
 * A fault of a config, as data. The terminal, `--json`, the HTTP API and the pages only render it.
 */
export interface Diagnostic {
  readonly code: Code
  readonly severity: 'error' | 'warning'
  /** When it was found. */
  readonly stage: 'syntax' | 'check' | 'evaluate' | 'runtime'
  /** What is wrong, one line, no full stop. */
  readonly message: string
  readonly at: Span
  /** Printed beside the marks under `at`, such as what the expression gave. */
  readonly mark: string | undefined
  readonly notes: readonly Note[]
  /** What to type instead. */
  readonly help: string | undefined
  /** The edit that `help` tells of, where it is one that can be made without asking. */
  readonly fix: Fix | undefined
}

/** Text to put for a stretch of a source. */
export interface Fix {
  readonly at: Span
  readonly text: string
}

/** Another place, or why. */
export interface Note {
  readonly message: string
  readonly at: Span
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error')
}
