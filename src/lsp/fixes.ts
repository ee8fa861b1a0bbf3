/** The edits that the help of a diagnostic stands for, where it stands for one. */
import { type Code, type Diagnostic, type Span, textOf } from '#grammar'

export interface Fix {
  readonly at: Span
  readonly text: string
}

/** That of the diagnostic where it has one, else what its help says. */
export function fixOf(diagnostic: Diagnostic): Fix | undefined {
  const { fix } = diagnostic as { readonly fix?: Fix }
  if (fix) return fix
  const { code, at, help } = diagnostic
  const plain = FIXES[code]?.(textOf(at))
  if (plain !== undefined) return { at, text: plain }
  const meant = help && /^did you mean "(.+)"\?$/.exec(help)?.[1]
  return meant ? replacement(diagnostic, meant) : undefined
}

/** A name is replaced by a name, whatever stands behind it; a text by a text. */
function replacement({ code, at }: Diagnostic, meant: string): Fix {
  if (code === 'wrong-type') return { at, text: JSON.stringify(meant) }
  const written = textOf(at)
  if (code !== 'unknown-block') return { at, text: meant }
  const name = /^[^\s"`{]+/.exec(written)?.[0] ?? written
  return { at: { ...at, end: at.start + name.length }, text: meant }
}

/** What is written instead of the marked text. */
const FIXES: Partial<Record<Code, (text: string) => string | undefined>> = {
  'hash-comment': () => '//',
  'colon-assignment': () => '=',
  'stray-semicolon': () => '',
  'unquoted-label': (label) => `"${label}"`,
  'raw-label': (text) => `"${text.slice(1, -1)}"`,
  'single-quotes': (text) => {
    const inner = text.replace(/^'|'$/g, '')
    return /["\\]/.test(inner) ? undefined : `"${inner}"`
  },
  'byte-order-mark': () => '',
  'null-character': () => '',
}
