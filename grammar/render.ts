import type { Diagnostic } from './diagnostic.js'
import { type ShownLine, showLine, withoutControls } from './shown-line.js'
import type { Source, Span } from './source.js'

export interface RenderOptions {
  /** Whether to colour with ANSI sequences. */
  readonly color: boolean
}

type Paint = (style: keyof typeof STYLES, text: string) => string

const STYLES = {
  error: '1;31',
  warning: '1;33',
  strong: '1',
  frame: '34',
  help: '36',
} as const

/** Lines of a marked stretch that are shown; of a longer one the middle is left out. */
const HEAD_LINES = 4
const TAIL_LINES = 2
const GUTTER_MIN = 2

/**
 * The diagnostics as text for a terminal, each with the source lines it speaks of; ends in a line
 * end.
 */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  { color }: RenderOptions,
): string {
  const paint: Paint = (style, text) =>
    color && text !== '' ? `\x1b[${STYLES[style]}m${text}\x1b[0m` : text
  return diagnostics.map((diagnostic) => render(diagnostic, paint)).join('\n')
}

function render(diagnostic: Diagnostic, paint: Paint): string {
  const { severity, code, message, at, mark, help } = diagnostic
  const places = diagnostic.notes.filter((note) => !isSamePlace(note.at, at))
  const remarks = diagnostic.notes.filter((note) => isSamePlace(note.at, at))
  const spans = [at, ...places.map((note) => note.at)]
  const width = Math.max(GUTTER_MIN, ...spans.map((span) => `${lastLine(span)}`.length))
  const frame: Frame = { width, style: severity, paint }

  const lines = [
    `${paint(severity, `${severity}[${code}]`)}${paint('strong', `: ${withoutControls(message)}`)}`,
    ...snippet(at, mark ?? '', frame),
    ...places.flatMap((note) => snippet(note.at, note.message, frame)),
    ...remarks.map((note) => `${gutter(frame, '=')} note: ${withoutControls(note.message)}`),
  ]
  if (help !== undefined) {
    lines.push(`${gutter(frame, '=')} ${paint('help', `help: ${withoutControls(help)}`)}`)
  }
  return lines.map((line) => `${line.trimEnd()}\n`).join('')
}

function isSamePlace(a: Span, b: Span): boolean {
  return a.source === b.source && a.start === b.start && a.end === b.end
}

interface Frame {
  /** Of the line numbers. */
  readonly width: number
  readonly style: Diagnostic['severity']
  readonly paint: Paint
}

function gutter({ width, paint }: Frame, sign: string, line?: number): string {
  const number = line === undefined ? ' '.repeat(width) : `${line}`.padStart(width)
  return paint('frame', `${number} ${sign}`)
}

/** The place, its lines and the marks under them. */
function snippet(span: Span, text: string, frame: Frame): string[] {
  const { source } = span
  const { line, column } = source.positionAt(span.start)
  const arrow = frame.paint('frame', `${' '.repeat(frame.width)}-->`)
  const name = `${arrow} ${withoutControls(source.name)}`
  // There is no line to show, such as of a file that cannot be read.
  if (source.text === '') return [name]
  const place = `${name}:${line}:${column}`
  const marked = line === lastLine(span) ? oneLine(span, frame) : manyLines(span, frame)
  marked[marked.length - 1] += text === '' ? '' : ` ${withoutControls(text)}`
  return [place, gutter(frame, '|'), ...marked]
}

function oneLine(span: Span, frame: Frame): string[] {
  const line = span.source.lineAt(span.start)
  const shown = showPart(span.source, line, span.start, span.end)
  const marks = '^'.repeat(shown.end - shown.start)
  return [
    `${gutter(frame, '|', line)} ${shown.text}`,
    `${gutter(frame, '|')} ${' '.repeat(shown.start)}${frame.paint(frame.style, marks)}`,
  ]
}

/** A line drawn at the left leads from the first marked character to the last. */
function manyLines(span: Span, frame: Frame): string[] {
  const { source } = span
  const [first, last] = [source.lineAt(span.start), lastLine(span)]
  const draw = (text: string) => frame.paint(frame.style, text)

  const start = showPart(source, first, span.start, span.start + 1)
  const end = showPart(source, last, span.end - 1, span.end)

  const lines = [
    `${gutter(frame, '|', first)}   ${start.text}`,
    `${gutter(frame, '|')} ${draw(` ${'_'.repeat(start.start + 1)}^`)}`,
  ]
  const elided = last - first + 1 > HEAD_LINES + TAIL_LINES
  for (let line = first + 1; line < last; line++) {
    if (elided && line === first + HEAD_LINES) {
      lines.push(`${frame.paint('frame', '...'.padEnd(frame.width + 2))} ${draw('|')}`)
      line = last - TAIL_LINES + 1
    }
    const shown = showPart(source, line, 0, 0)
    lines.push(`${gutter(frame, '|', line)} ${draw('|')} ${shown.text}`)
  }
  lines.push(
    `${gutter(frame, '|', last)} ${draw('|')} ${end.text}`,
    `${gutter(frame, '|')} ${draw(`|${'_'.repeat(end.end)}^`)}`,
  )
  return lines
}

/** A line with a mark on what of it is between two offsets of the source. */
function showPart(source: Source, line: number, start: number, end: number): ShownLine {
  const text = source.line(line)
  const offset = source.startOfLine(line)
  const [from, to] = [Math.max(start - offset, 0), Math.max(end - offset, 0)]
  // A byte order mark is no part of the file's first line.
  return line === 1 && text.startsWith('\uFEFF')
    ? showLine(text.slice(1), Math.max(from - 1, 0), Math.max(to - 1, 0))
    : showLine(text, from, to)
}

/** The line of the last character. */
function lastLine({ source, start, end }: Span): number {
  return source.lineAt(Math.max(start, end - 1))
}
