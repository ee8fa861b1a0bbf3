import {
  DiagnosticSeverity,
  DiagnosticTag,
  type Diagnostic as LspDiagnostic,
} from 'vscode-languageserver-protocol'
import type { Diagnostic, Span } from '#grammar'
import type { ConfigFile } from './config-file.js'

/** A diagnostic as the protocol has it. `files` has the one it is in, and those of its notes. */
export function toLspDiagnostic(
  diagnostic: Diagnostic,
  files: readonly ConfigFile[],
): LspDiagnostic {
  const { at, code, severity, message, mark, help, notes } = diagnostic
  const place = locationOf(at, files)
  const lines = [
    place ? message : `${nameOf(at)}: ${message}`,
    mark ?? '',
    help === undefined ? '' : `help: ${help}`,
  ]
  const related = notes.flatMap((note) => {
    const location = locationOf(note.at, files)
    return location ? [{ location, message: note.message }] : []
  })
  return {
    range: place?.range ?? related[0]?.location.range ?? NOWHERE,
    severity: severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    code,
    source: 'weir',
    message: lines.filter(Boolean).join('\n'),
    ...(code.startsWith('deprecated-') ? { tags: [DiagnosticTag.Deprecated] } : {}),
    ...(related.length > 0 ? { relatedInformation: related } : {}),
  }
}

/**
 * The file that shows a diagnostic. One of an imported text is shown where a note says that it was
 * imported, else in the first file.
 */
export function homeOf(
  { at, notes }: Diagnostic,
  files: readonly ConfigFile[],
): ConfigFile | undefined {
  for (const { source } of [at, ...notes.map((note) => note.at)]) {
    const home = files.find((file) => file.source === source)
    if (home) return home
  }
  return files[0]
}

/** As the terminal shows a place. */
function nameOf({ source, start }: Span): string {
  const { line, column } = source.positionAt(start)
  return `${source.name}:${line}:${column}`
}

const NOWHERE = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }

/** Undefined for a text that is none of the files. */
function locationOf(span: Span, files: readonly ConfigFile[]) {
  const file = files.find(({ source }) => source === span.source)
  return file && { uri: file.uri, range: file.rangeOf(span) }
}
