/**
 * From JSON text to a tree, with the digits of long numbers kept and the depth bounded beforehand.
 */
import { MalformedData } from './malformed.js'
import { VALUE_DEPTH_MAX } from './schema.js'

/**
 * A kvlist in a kvlist takes four levels of JSON; around the outermost value there are fewer than
 * 24.
 */
export const JSON_DEPTH_MAX = 4 * VALUE_DEPTH_MAX + 24

/** From this many characters on a double may not hold the digits of a number. */
const LONG_NUMBER = 16

/**
 * The object that a body holds. Numbers of 16 characters and more are strings in it: OTLP takes
 * both alike. A byte order mark in front is passed over; of equal keys the last counts. Throws
 * MalformedData for what is no UTF-8, no JSON, nothing at all, no object, or nested too deep.
 */
export function parseJsonObject(body: Uint8Array | string): object {
  const text = typeof body === 'string' ? body.replace(/^\ufeff/, '') : decodeUtf8(body)
  const quoted = quoteLongNumbers(text)
  let tree: unknown
  try {
    tree = JSON.parse(quoted)
  } catch (error) {
    // The parser's own message may show parts of the data.
    const position = /at position (\d+)/.exec(String(error))?.[1]
    const offset = quoted === text && position !== undefined ? Number(position) : undefined
    throw new MalformedData('the body is not valid JSON', offset)
  }
  if (!isObject(tree)) throw new MalformedData('the body is not a JSON object')
  return tree
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new MalformedData('the body is not UTF-8')
  }
}

/**
 * One pass over the text: bounds its depth, and puts quotes around long numbers outside strings.
 */
function quoteLongNumbers(text: string): string {
  const parts: string[] = []
  let copied = 0
  let depth = 0
  for (let pos = 0; pos < text.length; pos++) {
    const char = text.charCodeAt(pos)
    if (char === QUOTE) pos = endOfString(text, pos)
    else if (char === OPEN_BRACE || char === OPEN_BRACKET) {
      if (++depth > JSON_DEPTH_MAX) {
        throw new MalformedData(`JSON is nested deeper than ${JSON_DEPTH_MAX}`, pos)
      }
    } else if (char === CLOSE_BRACE || char === CLOSE_BRACKET) depth--
    else if (isOfNumber(char)) {
      const start = pos
      while (isOfNumber(text.charCodeAt(pos + 1))) pos++
      if (pos + 1 - start < LONG_NUMBER) continue
      const number = text.slice(start, pos + 1)
      // Only what JSON takes as a number: quotes must not make anything else valid.
      if (!NUMBER.test(number)) continue
      parts.push(text.slice(copied, start), '"', number, '"')
      copied = pos + 1
    }
  }
  if (copied === 0) return text
  parts.push(text.slice(copied))
  return parts.join('')
}

const [QUOTE, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET, BACKSLASH] = [...'"{}[]\\'].map(
  (char) => char.charCodeAt(0),
) as [number, number, number, number, number, number]
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/

/** Digits, signs, the point, e and E. */
function isOfNumber(char: number): boolean {
  return (
    (char >= 48 && char <= 57) || char === 45 || char === 46 || char === 43 || (char | 32) === 101
  )
}

/** Where the string that begins at `start` has its closing quote; the text's end without one. */
function endOfString(text: string, start: number): number {
  let close = text.indexOf('"', start + 1)
  while (close !== -1) {
    let before = close - 1
    while (text.charCodeAt(before) === BACKSLASH) before--
    if ((close - before) % 2 === 1) return close
    close = text.indexOf('"', close + 1)
  }
  return text.length
}
