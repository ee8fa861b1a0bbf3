/** Base64 with padding, as strictly as Go reads it. */

/** What is wrong, and at which character of the text (from 0). */
export class Base64Fault extends Error {
  readonly at: number

  constructor(at: number) {
    super(`no base64 at ${at}`)
    this.at = at
  }
}

export function encodeBase64(bytes: Uint8Array, alphabet: 'standard' | 'url'): string {
  const text = Buffer.from(bytes).toString('base64')
  return alphabet === 'standard' ? text : text.replaceAll('+', '-').replaceAll('/', '_')
}

/** Line ends are skipped. Throws `Base64Fault`. */
export function decodeBase64(text: string, alphabet: 'standard' | 'url'): Uint8Array {
  const digit = alphabet === 'standard' ? /[A-Za-z0-9+/]/ : /[A-Za-z0-9_-]/
  let digits = 0
  let padding = 0
  let at = 0
  for (const character of text) {
    if (character !== '\r' && character !== '\n') {
      if (character === '=' && digits % 4 >= 2 && padding < 4 - (digits % 4)) padding++
      else if (padding === 0 && digit.test(character)) digits++
      else throw new Base64Fault(at)
    }
    at++
  }
  if ((digits + padding) % 4 !== 0) throw new Base64Fault(at)
  return Buffer.from(text, 'base64')
}
