import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { randomFrom } from '#support'
import { SHA256_DIGITS, writeSha256 } from './hash.js'
import { TEXT_BYTES_MAX } from './sha256-layout.js'

function sha256(bytes: Uint8Array, start = 0, end = bytes.length): string {
  const into = Buffer.alloc(SHA256_DIGITS + 2, '-')
  writeSha256(bytes, start, end, into, 1)
  return into.toString('latin1')
}

test('as node:crypto, at every length around a block and the borders of what is taken', () => {
  const random = randomFrom(1)
  const around = [TEXT_BYTES_MAX - 1, TEXT_BYTES_MAX, TEXT_BYTES_MAX + 1, 100_000]
  for (const size of [...Array.from({ length: 300 }, (_, n) => n), 8191, 8192, ...around]) {
    const bytes = Buffer.from(Array.from({ length: size }, () => Math.floor(random() * 256)))
    expect(sha256(bytes), `${size} bytes`).toBe(`-${hash('sha256', bytes, 'hex')}-`)
  }
})

test('a part of some bytes, whatever was hashed before', () => {
  const bytes = Buffer.from('the quick brown fox '.repeat(20))
  for (const [start, end] of [
    [0, 400],
    [4, 9],
    [5, 5],
    [10, 74],
    [3, 58],
  ] as const) {
    const expected = hash('sha256', bytes.subarray(start, end), 'hex')
    expect(sha256(bytes, start, end)).toBe(`-${expected}-`)
  }
})
