import type { TextEdit } from 'vscode-languageserver-protocol'
import { format } from '#grammar'
import type { ConfigFile } from './config-file.js'

/**
 * The edit that `weir fmt` would make, of the lines between the first and the last that change;
 * none while there are syntax errors.
 */
export function formatFile(file: ConfigFile): readonly TextEdit[] {
  const { file: tree, diagnostics } = file.parsed
  if (diagnostics.length > 0) return []
  const text = format(tree)
  const before = file.source.text
  const after = text === '' ? '' : `${text}\n`
  if (before === after) return []
  const head = commonLines(before, after)
  const tail = commonTail(before.slice(head), after.slice(head))
  const range = file.rangeOf({ start: head, end: before.length - tail })
  return [{ range, newText: after.slice(head, after.length - tail) }]
}

/** The length of the whole lines that two texts start with. */
function commonLines(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return length === 0 ? 0 : a.lastIndexOf('\n', length - 1) + 1
}

/** The length of the whole lines that two texts end with. */
function commonTail(a: string, b: string): number {
  let length = 0
  while (length < Math.min(a.length, b.length) && a.at(-1 - length) === b.at(-1 - length)) length++
  const start = a.indexOf('\n', a.length - length - 1)
  return start < 0 ? 0 : Math.min(a.length - start - 1, length)
}
