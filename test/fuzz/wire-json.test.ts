/**
 * Damaged JSON is refused as MalformedData or gives bytes that the scanner takes and that come back
 * as JSON saying the same. WEIR_SEED takes another run.
 */
import { expect, test } from 'vitest'
import { decodeRequest, randomFrom, sampleRequest } from '#support'
import { jsonToRequest, MalformedData, OTLP_SIGNALS, requestToJson, scanRequest } from '#wire'

const ROUNDS = 1500
const seed = Number(process.env['WEIR_SEED'] ?? 1)

const PIECES = [
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    'null',
    'true',
    '-',
    '1e5',
    '.5',
    '\ud800',
    '\u0000',
  ],
  ...['12345678901234567890', '"__proto__":{"a":1},', '"x":[[[]]],', '"NaN"', '"kind":9.0,'],
]

test.each(OTLP_SIGNALS)(`%s (seed ${seed})`, (signal) => {
  const random = randomFrom(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  const sample = sampleRequest(signal, { items: 4, attributes: 3, resources: 1, seed })
  const text = requestToJson(signal, [sample])
  let accepted = 0
  for (let round = 0; round < ROUNDS; round++) {
    const at = below(text.length)
    const piece = PIECES[below(PIECES.length)]!
    const damaged = text.slice(0, at) + piece + text.slice(at + below(4))
    try {
      const bytes = jsonToRequest(signal, damaged)
      scanRequest(signal, bytes)
      const again = jsonToRequest(signal, requestToJson(signal, [bytes]))
      expect(decodeRequest(signal, again)).toEqual(decodeRequest(signal, bytes))
      accepted++
    } catch (error) {
      expect(error, `seed ${seed} round ${round}`).toBeInstanceOf(MalformedData)
    }
  }
  expect(accepted).toBeGreaterThan(ROUNDS / 50)
  expect(accepted).toBeLessThan(ROUNDS)
})
