/** Escaping as in the query of a URL: a space is "+". */

/** What is wrong, and at which character (from 0). */
export class EscapeFault extends Error {
  readonly at: number

  constructor(at: number) {
    super(`no escape at ${at}`)
    this.at = at
  }
}

export function encodeQuery(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
}

/** Throws `EscapeFault`. */
export function decodeQuery(text: string): Uint8Array {
  const bytes = Buffer.alloc(Buffer.byteLength(text))
  let length = 0
  for (const { 0: part, index } of text.matchAll(/%(?:[\da-f]{2})?|[^%]+/gi)) {
    if (part === '%') throw new EscapeFault(index)
    if (part[0] === '%') bytes[length++] = Number.parseInt(part.slice(1), 16)
    else length += bytes.write(part.replaceAll('+', ' '), length)
  }
  return bytes.subarray(0, length)
}
