import fc from 'fast-check'
import { test } from 'vitest'
import { Uint64, type Value } from '#sdk'
import { applyBinary } from './operators.js'

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const seeded = { seed: 20260801, numRuns: 500 }

const model = {
  '+': (a: bigint, b: bigint) => a + b,
  '-': (a: bigint, b: bigint) => a - b,
  '*': (a: bigint, b: bigint) => a * b,
} as const

const operators = Object.keys(model) as readonly (keyof typeof model)[]

test('signed arithmetic is that of 64 bits', () => {
  fc.assert(
    fc.property(fc.constantFrom(...operators), int64, int64, (operator, a, b) => {
      return applyBinary(operator, a, b) === BigInt.asIntN(64, model[operator](a, b))
    }),
    seeded,
  )
})

test('unsigned arithmetic is that of 64 bits', () => {
  fc.assert(
    fc.property(fc.constantFrom(...operators), uint64, uint64, (operator, a, b) => {
      const result = applyBinary(operator, new Uint64(a), new Uint64(b)) as Uint64
      return result.value === BigInt.asUintN(64, model[operator](a, b))
    }),
    seeded,
  )
})

test('a quotient and its remainder make the dividend', () => {
  const divisor = int64.filter((value) => value !== 0n)
  fc.assert(
    fc.property(int64, divisor, (a, b) => {
      const quotient = applyBinary('/', a, b) as bigint
      const remainder = applyBinary('%', a, b) as bigint
      return BigInt.asIntN(64, quotient * b + remainder) === a
    }),
    seeded,
  )
})

test('a power is the product of its factors', () => {
  fc.assert(
    fc.property(int64, fc.integer({ min: 0, max: 200 }), (base, times) => {
      let product = 1n
      for (let count = 0; count < times; count++) product = BigInt.asIntN(64, product * base)
      return applyBinary('^', base, BigInt(times)) === product
    }),
    seeded,
  )
})

test('every two numbers, and every two strings, have one order', () => {
  const values = fc.oneof(
    fc.tuple(int64, fc.double({ noNaN: true })),
    fc.tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })),
  )
  fc.assert(
    fc.property(values, ([a, b]: readonly [Value, Value]) => {
      const holding = (['<', '==', '>'] as const).filter((operator) => applyBinary(operator, a, b))
      return holding.length === 1
    }),
    seeded,
  )
})
