import { describe, expect, it } from 'vitest'
import { crc32c } from './crc32c.js'
import { xxhash32 } from './xxhash32.js'

const bytes = (text: string) => Buffer.from(text)

describe('CRC-32C', () => {
  // RFC 3720, appendix B.4, and the usual check value.
  const rows: [string, Buffer, number][] = [
    ['nothing', bytes(''), 0],
    ['123456789', bytes('123456789'), 0xe3069283],
    ['32 zeros', Buffer.alloc(32), 0x8a9136aa],
    ['32 ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
    ['32 rising', Buffer.from(Array.from({ length: 32 }, (_, n) => n)), 0x46dd794e],
    ['32 falling', Buffer.from(Array.from({ length: 32 }, (_, n) => 31 - n)), 0x113fdb5c],
  ]
  it.each(rows)('of %s', (_, input, sum) => {
    expect(crc32c(input)).toBe(sum)
  })
})

describe('xxHash, 32 bits', () => {
  // By the reference implementation (xxhsum -H32).
  const rows: [string, number][] = [
    ['', 0x02cc5d05],
    ['a', 0x550d7456],
    ['abc', 0x32d153ff],
    ['Nobody inspects the spammish repetition', 0xe2293b2f],
  ]
  it.each(rows)('of %j', (text, sum) => {
    expect(xxhash32(bytes(text))).toBe(sum)
  })
})
