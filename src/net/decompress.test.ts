import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { compressFrame } from 'lz4-napi'
import { compressSync } from 'snappy'
import { describe, expect, it } from 'vitest'
import { randomFrom } from '#support'
import { compress } from './compress.js'
import { decompress, type Encoding, parseEncoding } from './decompress.js'
import { Code, StatusError } from './status.js'
import { xxhash32 } from './xxhash32.js'

type Encode = (plain: Uint8Array) => Promise<Uint8Array> | Uint8Array

async function ours(...args: Parameters<typeof compress>): Promise<Uint8Array> {
  return (await compress(...args))[0]!
}

const CODECS: [Encoding, Encode][] = [
  ['identity', (plain) => plain],
  ['gzip', (plain) => gzipSync(plain)],
  ['zlib', (plain) => deflateSync(plain)],
  ['deflate', (plain) => deflateSync(plain)],
  ['zstd', (plain) => ours('zstd', [plain])],
  ['snappy', (plain) => ours('snappy', [plain])],
  ['x-snappy-framed', (plain) => ours('x-snappy-framed', [plain])],
  ['lz4', (plain) => compressFrame(plain)],
]
const COMPRESSED = CODECS.slice(1)

/** Text with repetitions, the same for one seed. */
function sample(bytes: number, seed = 1): Buffer {
  const random = randomFrom(seed)
  const words = Array.from({ length: 50 }, () => random().toString(36).slice(2, 9))
  const parts: string[] = []
  for (let length = 0; length < bytes; length += parts.at(-1)!.length) {
    parts.push(words[Math.floor(random() * words.length)]!)
  }
  return Buffer.from(parts.join('')).subarray(0, bytes)
}

function noise(bytes: number): Buffer {
  const random = randomFrom(7)
  return Buffer.from(Uint8Array.from({ length: bytes }, () => random() * 256))
}

/** The code of the failure, or the length of what came out. */
async function outcome(encoding: Encoding, bytes: Uint8Array, limit: number): Promise<string> {
  try {
    const plain = await decompress(encoding, bytes, limit)
    return `${plain.length} bytes`
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    return error.code === Code.RESOURCE_EXHAUSTED ? 'too large' : error.message
  }
}

describe('decompression', () => {
  const sizes = [0, 1, 100, 65_535, 65_536, 65_537, 1_000_000]
  it.each(CODECS)('undoes %s', async (encoding, encode) => {
    for (const size of sizes) {
      for (const plain of [sample(size), Buffer.alloc(size), noise(Math.min(size, 100_000))]) {
        const result = await decompress(encoding, await encode(plain), plain.length)
        expect(Buffer.from(result).equals(plain)).toBe(true)
      }
    }
  })

  it.each(CODECS)('produces up to the limit of %s and not a byte more', async (name, encode) => {
    for (const size of [1, 1000, 300_000]) {
      const body = await encode(Buffer.alloc(size))
      expect(await outcome(name, body, size)).toBe(`${size} bytes`)
      expect(await outcome(name, body, size - 1)).toBe('too large')
    }
  })

  it.each(COMPRESSED)('survives bombs of %s', async (encoding, encode) => {
    const body = await encode(Buffer.alloc(30_000_000))
    const before = process.memoryUsage().arrayBuffers
    expect(await outcome(encoding, body, 1024)).toBe('too large')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2_000_000)
  })

  it.each(COMPRESSED)('refuses every truncation of %s', async (encoding, encode) => {
    const plain = sample(500)
    const body = await encode(plain)
    for (let length = 0; length < body.length; length++) {
      const cut = body.subarray(0, length)
      // A framed stream has no end mark: cut between two frames, it is a shorter one.
      const whole = encoding === 'x-snappy-framed' && length === 10
      const result = await outcome(encoding, cut, 10_000)
      expect(result, `at ${length}`).toMatch(whole ? /^0 bytes$/ : /^(gzip|zlib|zstd|snappy|lz4): /)
    }
  })

  it.each(COMPRESSED)(
    'takes any garbage for %s without failing otherwise',
    async (name, encode) => {
      const body = Buffer.from(await encode(sample(300)))
      for (let seed = 1; seed <= 1500; seed++) {
        const random = randomFrom(seed)
        const bad = Buffer.from(body)
        for (let flips = 1 + random() * 4; flips > 0; flips--) {
          bad[Math.floor(random() * bad.length)] = random() * 256
        }
        const result = await outcome(name, bad, 400)
        const bytes = /^(\d+) bytes$/.exec(result)
        if (bytes) expect(Number(bytes[1]), `seed ${seed}`).toBeLessThanOrEqual(400)
      }
    },
  )

  const unusual: [string, Encoding, () => Promise<Uint8Array> | Uint8Array, string][] = [
    ['a bare deflate stream', 'deflate', () => deflateRawSync(sample(100)), 'zlib: invalid header'],
    ['plain text as gzip', 'gzip', () => sample(100), 'gzip: invalid header'],
    ['plain text as zstd', 'zstd', () => sample(100), 'zstd: invalid input: magic number mismatch'],
    ['plain text as lz4', 'lz4', () => sample(100), 'lz4: invalid header'],
    ['plain text as framed', 'x-snappy-framed', () => sample(100), /identifier is missing/.source],
    ['a framed body as snappy', 'snappy', () => ours('x-snappy-framed', [sample(99)]), '99 bytes'],
    ['two gzip members', 'gzip', () => twice(gzipSync(sample(100))), '200 bytes'],
    ['two zstd frames', 'zstd', async () => twice(await ours('zstd', [sample(100)])), '200 bytes'],
    ['two lz4 frames', 'lz4', async () => twice(await compressFrame(sample(100))), '200 bytes'],
    ['a zstd frame of unknown size', 'zstd', () => ZSTD_STREAMED, '300000 bytes'],
    [
      'a skippable zstd frame',
      'zstd',
      () => Buffer.concat([SKIPPABLE, ZSTD_STREAMED]),
      '300000 bytes',
    ],
    ['a skippable lz4 frame', 'lz4', () => Buffer.concat([SKIPPABLE, lz4Linked()]), '21 bytes'],
    ['linked lz4 blocks', 'lz4', lz4Linked, '21 bytes'],
    [
      'a gzip trailer that says 4 GiB',
      'gzip',
      () => gzipLie(0xffffffff),
      'gzip: incorrect length check',
    ],
    ['a gzip trailer that says nothing', 'gzip', () => gzipLie(0), 'gzip: incorrect length check'],
    [
      'a snappy block that says 4 GiB',
      'snappy',
      () => snappyLie(2 ** 32 - 1),
      'snappy: corrupt block',
    ],
    [
      'a snappy block just too large',
      'snappy',
      () => compressSync(Buffer.alloc(1_000_001)),
      'too large',
    ],
    ['a zstd frame that says 1 TiB', 'zstd', () => zstdLie(2n ** 40n), 'too large'],
    ['a zstd frame that lies', 'zstd', () => zstdLie(1000n), 'zstd: corrupt data'],
    ['a zstd window of 2 TiB', 'zstd', zstdWindow, /needs a window of/.source],
    ['an lz4 frame that says 1 TiB', 'lz4', () => lz4Frame(0x68, [], 2n ** 40n), 'too large'],
    ['an lz4 frame that lies', 'lz4', () => lz4Frame(0x68, [], 5n), 'lz4: wrong content size'],
    [
      'an lz4 match before the start',
      'lz4',
      () => lz4Frame(0x60, [[0x04, 9, 0]]),
      'lz4: match before',
    ],
  ]
  it.each(unusual)('knows what to do with %s', async (_, encoding, make, expected) => {
    expect(await outcome(encoding, await make(), 1_000_000)).toMatch(new RegExp(expected))
  })

  const tokens: [string | undefined, Encoding | undefined][] = [
    [undefined, 'identity'],
    ['', 'identity'],
    [' GZIP ', 'gzip'],
    ['br', undefined],
    ['gzip, gzip', undefined],
  ]
  it.each(tokens)('reads the token %j', (token, encoding) => {
    expect(parseEncoding(token)).toBe(encoding)
  })
})

/** 50,000 times "hello ", by a streaming encoder that did not know the size. */
const ZSTD_STREAMED = Buffer.from(
  'KLUv/QBYdAAAMGhlbGxvIAEA9//JSxFMAAAIbAEA/P85EAJNAAAIbwEA3BMdCAE=',
  'base64',
)
const SKIPPABLE = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3])

function twice(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, bytes])
}

function gzipLie(size: number): Buffer {
  const body = gzipSync(sample(1000))
  body.writeUInt32LE(size, body.length - 4)
  return body
}

function snappyLie(size: number): Buffer {
  const varint: number[] = []
  for (let rest = size; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) {
      varint.push(rest)
      break
    }
    varint.push((rest % 128) | 128)
  }
  return Buffer.from([...varint, 0, 0x61])
}

/** One raw block of three bytes in a frame that declares another size. */
function zstdLie(size: bigint): Buffer {
  const bytes = Buffer.alloc(5 + 8 + 3 + 3)
  bytes.writeUInt32LE(0xfd2fb528, 0)
  bytes[4] = 0b1110_0000
  bytes.writeBigUInt64LE(size, 5)
  bytes.writeUIntLE((3 << 3) | 1, 13, 3)
  return bytes
}

function zstdWindow(): Buffer {
  return Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 31 << 3, 1, 0, 0])
}

function lz4Frame(flags: number, blocks: readonly number[][], contentBytes?: bigint): Buffer {
  const size = Buffer.alloc(contentBytes === undefined ? 0 : 8)
  if (contentBytes !== undefined) size.writeBigUInt64LE(contentBytes)
  const descriptor = Buffer.concat([Buffer.from([flags, 0x40]), size])
  const parts = [
    Buffer.from([0x04, 0x22, 0x4d, 0x18]),
    descriptor,
    Buffer.from([(xxhash32(descriptor) >>> 8) & 0xff]),
  ]
  for (const block of blocks) {
    const length = Buffer.alloc(4)
    length.writeUInt32LE(block.length)
    parts.push(length, Buffer.from(block))
  }
  return Buffer.concat([...parts, Buffer.alloc(4)])
}

/** The second block repeats eight bytes of the first. */
function lz4Linked(): Buffer {
  const first = [0x80, ...Buffer.from('abcdefgh')]
  const second = [0x04, 8, 0, 0x50, ...Buffer.from('tail!')]
  return lz4Frame(0x40, [first, second])
}
