/** The flags of a directive such as `%-08.3f`, and how they pad what it prints. */

export interface Flags {
  plus: boolean
  minus: boolean
  sharp: boolean
  space: boolean
  zero: boolean
  /** `%#v`: as the value is written in Go. */
  sharpV: boolean
  /** Least characters; undefined when not given. */
  width: number | undefined
  precision: number | undefined
}

export function noFlags(): Flags {
  return {
    plus: false,
    minus: false,
    sharp: false,
    space: false,
    zero: false,
    sharpV: false,
    width: undefined,
    precision: undefined,
  }
}

/** Fills up to the width, with zeros only on the left. */
export function pad(text: string, { width = 0, minus, zero }: Flags): string {
  const missing = width - lengthOf(text)
  if (missing <= 0) return text
  if (minus) return text + ' '.repeat(missing)
  return (zero ? '0' : ' ').repeat(missing) + text
}

export function padWithSpaces(text: string, flags: Flags): string {
  return pad(text, { ...flags, zero: false })
}

/** Characters, not UTF-16 units. */
function lengthOf(text: string): number {
  let length = text.length
  for (const _ of text.matchAll(/[\ud800-\udbff][\udc00-\udfff]/g)) length--
  return length
}
