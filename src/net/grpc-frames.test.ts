import { describe, expect, it } from 'vitest'
import {
  decodeGrpcMessage,
  encodeGrpcMessage,
  formatGrpcTimeout,
  MessageReader,
  messagePrefix,
  parseGrpcTimeout,
} from './grpc-frames.js'
import { Code, StatusError } from './status.js'

/** What a reader makes of chunks: the message, or the code and text of its refusal. */
function read(chunks: readonly Buffer[], bytesMax = 100): string {
  const reader = new MessageReader(bytesMax, 'request')
  try {
    for (const chunk of chunks) reader.push(chunk)
    const { compressed, bytes } = reader.finish()
    return `${compressed ? 'compressed ' : ''}"${Buffer.from(bytes)}"`
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    return `${error.code} ${error.message}`
  }
}

function message(text: string, flag = 0): Buffer {
  const prefix = messagePrefix(text.length, false)
  prefix[0] = flag
  return Buffer.concat([prefix, Buffer.from(text)])
}

describe('reading a message', () => {
  const rows: [string, Buffer[], string][] = [
    ['one chunk', [message('hello')], '"hello"'],
    ['an empty message', [message('')], '""'],
    ['a compressed one', [message('hello', 1)], 'compressed "hello"'],
    ['the limit', [message('x'.repeat(100))], `"${'x'.repeat(100)}"`],
    ['nothing', [], `${Code.UNIMPLEMENTED} no request message`],
    ['empty chunks', [Buffer.alloc(0), message('a'), Buffer.alloc(0)], '"a"'],
    [
      'half a prefix',
      [Buffer.from([0, 0])],
      `${Code.INTERNAL} the request ended inside its message`,
    ],
    [
      'half a message',
      [message('hello').subarray(0, 8)],
      `${Code.INTERNAL} the request ended inside its message`,
    ],
    [
      'two messages',
      [message('a'), message('b')],
      `${Code.UNIMPLEMENTED} more than one request message in a call that takes one`,
    ],
    ['an unknown flag', [message('a', 2)], `${Code.INTERNAL} unknown compression flag 2`],
    [
      'more than the limit',
      [messagePrefix(101, false)],
      `${Code.RESOURCE_EXHAUSTED} the request of 101 bytes is larger than the limit of 100 bytes`,
    ],
  ]
  it.each(rows)('takes %s', (_, chunks, expected) => {
    expect(read(chunks)).toBe(expected)
  })

  it('takes a message cut anywhere', () => {
    const whole = message('hello world', 1)
    for (let first = 0; first <= whole.length; first++) {
      for (let second = first; second <= whole.length; second++) {
        const parts = [
          whole.subarray(0, first),
          whole.subarray(first, second),
          whole.subarray(second),
        ]
        expect(read(parts)).toBe('compressed "hello world"')
      }
    }
    expect(read([...whole].map((byte) => Buffer.from([byte])))).toBe('compressed "hello world"')
  })

  it('keeps nothing of the chunks', () => {
    const chunk = message('hello')
    const reader = new MessageReader(100, 'request')
    reader.push(chunk)
    chunk.fill(0)
    expect(Buffer.from(reader.finish().bytes).toString()).toBe('hello')
  })

  it('takes large messages piece by piece', () => {
    const bytes = Buffer.from(Array.from({ length: 300_001 }, (_, n) => n % 251))
    const whole = Buffer.concat([messagePrefix(bytes.length, false), bytes])
    const reader = new MessageReader(1_000_000, 'request')
    for (let at = 0; at < whole.length; at += 9001) reader.push(whole.subarray(at, at + 9001))
    expect(bytes.equals(reader.finish().bytes)).toBe(true)
  })
})

describe('grpc-message', () => {
  const rows: [string, string][] = [
    ['plain text, with punctuation!', 'plain text, with punctuation!'],
    ['100%', '100%25'],
    ['naïve\n', 'na%C3%AFve%0A'],
    ['日本', '%E6%97%A5%E6%9C%AC'],
    ['', ''],
  ]
  it.each(rows)('%j is sent as %j', (text, header) => {
    expect(encodeGrpcMessage(text)).toBe(header)
    expect(decodeGrpcMessage(header)).toBe(text)
  })

  const lenient: [string, string][] = [
    ['100%', '100%'],
    ['%zz%4', '%zz%4'],
    ['%c3%af', 'ï'],
  ]
  it.each(lenient)('%j is read as %j', (header, text) => {
    expect(decodeGrpcMessage(header)).toBe(text)
  })
})

describe('grpc-timeout', () => {
  const rows: [string, number | undefined][] = [
    ['1H', 3_600_000],
    ['2M', 120_000],
    ['10S', 10_000],
    ['5000m', 5000],
    ['1500u', 1.5],
    ['99999999n', 99.999999],
    ['0S', 0],
    ['123456789m', undefined],
    ['', undefined],
    ['10', undefined],
    ['-1S', undefined],
    ['1.5S', undefined],
    ['1s', undefined],
  ]
  it.each(rows)('%j is %j ms', (header, ms) => {
    expect(parseGrpcTimeout(header)).toBe(ms)
  })

  const written: [number, string][] = [
    [0, '1m'],
    [0.2, '1m'],
    [5000, '5000m'],
    [99_999_999, '99999999m'],
    [100_000_000, '100000S'],
    [1e15, '99999999S'],
  ]
  it.each(written)('%d ms are written %s', (ms, header) => {
    expect(formatGrpcTimeout(ms)).toBe(header)
  })
})
