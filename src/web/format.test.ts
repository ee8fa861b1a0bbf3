import { describe, expect, test } from 'vitest'
import { age, bytes, count, nanoseconds, perSecond } from './format.js'

describe('figures', () => {
  const rows: readonly (readonly [string, string])[] = [
    [count(0), '0'],
    [count(9999), '9,999'],
    [count(12_345), '12.3 k'],
    [count(4_500_000), '4.5 M'],
    [perSecond(0), '0/s'],
    [perSecond(0.01), '<0.1/s'],
    [perSecond(2), '2/s'],
    [perSecond(2.55), '2.5/s'],
    [perSecond(1234), '1,234/s'],
    [bytes(512), '512 B'],
    [bytes(1536), '1.5 KiB'],
    [age(20), '20 ms'],
    [age(90_000), '90 s'],
    [age(600_000), '10 min'],
    [age(7_200_000), '2 h'],
    [age(400_000_000), '5 d'],
    [nanoseconds(900), '900 ns'],
    [nanoseconds(12_500_000), '12.5 ms'],
    [nanoseconds(2_000_000_000), '2.00 s'],
  ]
  for (const [shown, wanted] of rows) test(wanted, () => expect(shown).toBe(wanted))
})
