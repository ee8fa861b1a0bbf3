const ASCII_IDENTIFIER = /^[A-Za-z_]\w*$/
const IDENTIFIER = /^[\p{L}_][\p{L}_\p{Nd}]*$/u
const KEYWORDS: ReadonlySet<string> = new Set(['true', 'false', 'null'])

/** Whether the text can name an attribute, a label or a field: a keyword cannot. */
export function isIdentifier(text: string): boolean {
  return (ASCII_IDENTIFIER.test(text) || IDENTIFIER.test(text)) && !KEYWORDS.has(text)
}

/**
 * The text with "_" for each character that cannot stand in an identifier. Different texts may give
 * the same one. Throws a RangeError on the empty text.
 */
export function sanitizeIdentifier(text: string): string {
  if (text === '') throw new RangeError('cannot make an identifier of an empty text')
  if (isIdentifier(text)) return text
  const cleaned = text.replace(/[^\p{L}_\p{Nd}]/gu, '_')
  return isIdentifier(cleaned) ? cleaned : `_${cleaned}`
}
