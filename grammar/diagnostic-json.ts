import type { Diagnostic, Note } from './diagnostic.js'

/**
 * Lines and columns count from 1, columns in UTF-8 bytes; the end is the first place after what is
 * marked. A diagnostic's mark is the first of its notes.
 */
export interface JsonDiagnostic {
  readonly file: string
  readonly stage: Diagnostic['stage']
  readonly code: string
  readonly severity: Diagnostic['severity']
  readonly message: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
  readonly notes: readonly JsonNote[]
  readonly help?: string
}

export interface JsonNote {
  readonly message: string
  readonly file: string
  readonly line: number
  readonly column: number
}

export function diagnosticToJson(diagnostic: Diagnostic): JsonDiagnostic {
  const { at, mark, help, stage, code, severity, message } = diagnostic
  const start = at.source.positionAt(at.start)
  const end = at.source.positionAt(at.end)
  return {
    file: at.source.name,
    stage,
    code,
    severity,
    message,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    notes: [...(mark === undefined ? [] : [{ message: mark, at }]), ...diagnostic.notes].map(
      toJson,
    ),
    ...(help === undefined ? {} : { help }),
  }
}

function toJson({ message, at }: Note): JsonNote {
  return { message, file: at.source.name, ...at.source.positionAt(at.start) }
}
