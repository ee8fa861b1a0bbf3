/** The parameters of requests are the client's: they are looked at before they are used. */
import type {
  Position,
  Range,
  TextDocumentContentChangeEvent,
} from 'vscode-languageserver-protocol'
import { invalid } from './dispatcher.js'

export function uriIn(params: unknown): string {
  const { textDocument } = objectOf(params)
  const { uri } = objectOf(textDocument)
  if (typeof uri !== 'string') throw invalid('textDocument.uri is needed')
  return uri
}

export function positionIn(params: unknown): Position {
  return positionOf(objectOf(params)['position'])
}

export function rangeIn(params: unknown): Range {
  return rangeOf(objectOf(params)['range'])
}

export function textIn(params: unknown, name: string): string {
  const text = objectOf(params)[name]
  if (typeof text !== 'string') throw invalid(`${name} must be a string`)
  return text
}

export function versionIn(params: unknown): number {
  const { version } = objectOf(objectOf(params)['textDocument'])
  return typeof version === 'number' ? version : 0
}

export function changesIn(params: unknown): TextDocumentContentChangeEvent[] {
  const { contentChanges } = objectOf(params)
  if (!Array.isArray(contentChanges)) throw invalid('contentChanges must be a list')
  return contentChanges.map((change) => {
    const text = textIn(change, 'text')
    const { range } = objectOf(change)
    return range === undefined ? { text } : { text, range: rangeOf(range) }
  })
}

/** The URIs of changed files. */
export function changedUrisIn(params: unknown): readonly string[] {
  const { changes } = objectOf(params)
  if (!Array.isArray(changes)) throw invalid('changes must be a list')
  return changes.map((change) => textIn(change, 'uri'))
}

function rangeOf(value: unknown): Range {
  const { start, end } = objectOf(value)
  return { start: positionOf(start), end: positionOf(end) }
}

function positionOf(value: unknown): Position {
  const { line, character } = objectOf(value)
  if (!isCount(line) || !isCount(character)) {
    throw invalid('a position needs a line and a character, from 0')
  }
  return { line, character }
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw invalid('parameters are missing')
  return value as Readonly<Record<string, unknown>>
}
