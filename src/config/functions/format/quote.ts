/** Go's quoting: what `%q` prints. */

const SIMPLE: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
}

export function quote(text: string, asciiOnly: boolean): string {
  return `"${escapeAll(text, '"', asciiOnly)}"`
}

/** A character in single quotes. */
export function quoteRune(codePoint: number, asciiOnly: boolean): string {
  return `'${escapeAll(String.fromCodePoint(codePoint), "'", asciiOnly)}'`
}

/** Whether raw quotes hold the text as it is: one line, no control characters but tabs. */
export function canBackquote(text: string): boolean {
  return /^[\t -_a-~\x80-\ufefe\uff00-\uffff]*$/.test(text)
}

/** Letters, marks, numbers, punctuation, symbols and the ASCII space. */
export function isPrintable(character: string): boolean {
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character)
}

function escapeAll(text: string, mark: string, asciiOnly: boolean): string {
  return Array.from(text, (character) => escaped(character, mark, asciiOnly)).join('')
}

function escaped(character: string, mark: string, asciiOnly: boolean): string {
  if (character === mark) return `\\${mark}`
  const simple = SIMPLE[character]
  if (simple !== undefined) return simple
  const code = character.codePointAt(0)!
  if (isPrintable(character) && (code < 0x80 || !asciiOnly)) return character
  if (code < 0x80) return `\\x${hex(code, 2)}`
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0')
}
