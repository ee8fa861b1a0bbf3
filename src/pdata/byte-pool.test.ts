import fc from 'fast-check'
import { expect, it } from 'vitest'
import { BytePool } from './byte-pool.js'

const KIB = 1024

it.each([
  [0, KIB],
  [1, KIB],
  [KIB, KIB],
  [KIB + 1, KIB + 256],
  [50_000, 56 * KIB],
  [64 * KIB, 64 * KIB],
  [4096 * KIB, 4096 * KIB],
  [4096 * KIB + 1, 4096 * KIB + 1],
])('gives %i bytes as %i', (asked, given) => {
  expect(new BytePool(0).take(asked).length).toBe(given)
})

it('uses again what was given back, for what is about as large', () => {
  const pool = new BytePool(64 * KIB)
  const first = pool.take(3000)
  pool.give(first)
  expect([9000, 2600, 2600].map((bytes) => pool.take(bytes) === first)).toEqual([
    false,
    true,
    false,
  ])
})

it('keeps no more than it may, and nothing large', () => {
  const pool = new BytePool(2 * KIB)
  const all = [pool.take(KIB), pool.take(KIB), pool.take(KIB)]
  for (const one of all) pool.give(one)
  const again = [pool.take(KIB), pool.take(KIB), pool.take(KIB)]
  expect(all.filter((one) => again.includes(one))).toHaveLength(2)
  const roomy = new BytePool(64 * KIB * KIB)
  const large = roomy.take(4 * KIB * KIB + 1)
  roomy.give(large)
  expect(roomy.take(4 * KIB * KIB + 1) === large).toBe(false)
})

it('never gives what is in use', () => {
  const step = fc.record({ bytes: fc.nat(20_000), back: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const pool = new BytePool(32 * KIB)
      const used: Buffer[] = []
      for (const { bytes, back } of steps) {
        const taken = pool.take(bytes)
        expect(taken.length).toBeGreaterThanOrEqual(bytes)
        expect(used.includes(taken)).toBe(false)
        used.push(taken)
        if (back) pool.give(used.shift()!)
      }
    }),
  )
})
