/** Begins a metric's name, is part of one; the same for a label. */
export const NAME_START = 1
export const NAME_PART = 2
export const LABEL_START = 4
export const LABEL_PART = 8
/** Means itself in a quoted text, and needs no further check. */
export const PLAIN = 16

/** What each byte may be. */
export const TABLE = Uint8Array.from({ length: 256 }, (_, byte) => {
  const char = String.fromCharCode(byte)
  let may = 0
  if (/[a-zA-Z_:]/.test(char)) may |= NAME_START
  if (/[a-zA-Z_:0-9]/.test(char)) may |= NAME_PART
  if (/[a-zA-Z_]/.test(char)) may |= LABEL_START
  if (/[a-zA-Z_0-9]/.test(char)) may |= LABEL_PART
  if (byte < 128 && !/["\\\n]/.test(char)) may |= PLAIN
  return may
})

export const TAB = 0x09
export const LINE_FEED = 0x0a
export const SPACE = 0x20
export const QUOTE = 0x22
export const HASH = 0x23
export const COMMA = 0x2c
export const EQUALS = 0x3d
export const BACKSLASH = 0x5c
export const OPEN_BRACE = 0x7b
export const CLOSE_BRACE = 0x7d
