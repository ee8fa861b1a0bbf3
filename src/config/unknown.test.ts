import { expect, test } from 'vitest'
import type { TypeShape } from '#sdk'
import { holdsUnknown, Unknown } from './unknown.js'

const range = { min: 0, max: 10 }
const any = { kind: 'any' } as const

/** An attribute's type, and the types whose values may decode to it. */
const rows: readonly (readonly [TypeShape, readonly string[]])[] = [
  [{ kind: 'any' }, ['bool', 'number', 'string', 'array', 'object', 'function']],
  [{ kind: 'string' }, ['number', 'string']],
  [{ kind: 'boolean' }, ['bool']],
  [{ kind: 'integer', ...range }, ['number', 'string']],
  [{ kind: 'number', ...range }, ['number', 'string']],
  [{ kind: 'duration', ...range }, ['string']],
  [{ kind: 'size', ...range }, ['number', 'string']],
  [{ kind: 'secret' }, ['string']],
  [{ kind: 'string-or-secret' }, ['string']],
  [{ kind: 'list', item: any }, ['array']],
  [{ kind: 'map', item: any }, ['object']],
  [{ kind: 'consumer', signal: 'traces' }, []],
  [{ kind: 'handler', power: 'client-auth' }, []],
]

const kinds = ['bool', 'number', 'string', 'array', 'object', 'function'] as const

test.each(rows)('what fits %o', (shape, expected) => {
  expect(kinds.filter((kind) => new Unknown(kind).fits(shape))).toEqual(expected)
  expect(new Unknown().fits(shape)).toBe(true)
})

test('a secret that is unknown fits what takes secrets', () => {
  const secret = new Unknown('capsule', true)
  const fitting = rows.map(([shape]) => shape).filter((shape) => secret.fits(shape))
  expect(fitting.map(({ kind }) => kind)).toEqual(['any', 'secret', 'string-or-secret'])
})

test('what is unknown is found inside of lists and objects', () => {
  expect(holdsUnknown([1n, [new Map([['a', [new Unknown()]]])]])).toBe(true)
  expect(holdsUnknown([1n, new Map([['a', 'b']])])).toBe(false)
})
