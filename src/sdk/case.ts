/**
 * Upper and lower case one character for one, as Go does it: "ß" has no upper case of one character
 * and stays, and a final sigma is not special.
 */
export function changeCase(text: string, to: 'upper' | 'lower'): string {
  if (/^\p{ASCII}*$/u.test(text)) return to === 'upper' ? text.toUpperCase() : text.toLowerCase()
  return Array.from(text, to === 'upper' ? upper : lower).join('')
}

function upper(character: string): string {
  const result = character.toUpperCase()
  return isOne(result) ? result : (upperWithIota(character.codePointAt(0)!) ?? character)
}

function lower(character: string): string {
  const result = character.toLowerCase()
  // Only U+0130, a capital I with a dot, becomes two characters: an i and a combining dot.
  return isOne(result) ? result : 'i'
}

function isOne(text: string): boolean {
  return text.length === (text.codePointAt(0)! > 0xffff ? 2 : 1)
}

/** Greek letters with an iota below: their one-character upper case has the iota beside it. */
function upperWithIota(code: number): string | undefined {
  if (code >= 0x1f80 && code <= 0x1faf) return String.fromCodePoint(code | 8)
  const distance = { 8115: 9, 8131: 9, 8179: 9 }[code]
  return distance === undefined ? undefined : String.fromCodePoint(code + distance)
}
