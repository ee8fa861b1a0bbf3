/** Where the module of `sha256.ts` has what. */

/** The longest text in bytes, so that it and what is put behind it fit below the digits. */
export const TEXT_BYTES_MAX = 16 * 1024
export const DIGITS_AT = 32 * 1024
export const DIGITS = 64
