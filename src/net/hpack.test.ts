import { connect, createServer } from 'node:http2'
import { type AddressInfo, connect as connectTcp } from 'node:net'
import { describe, expect, it } from 'vitest'
import { loopback, randomFrom } from '#support'
import { CONNECTION_RULES_DEFAULT } from './connection-rules.js'
import { HpackDecoder } from './hpack-decoder.js'
import { constantFields, encodeFields } from './hpack-encoder.js'
import { Http2ClientConnection } from './http2-client.js'
import { Http2Error } from './http2-frames.js'
import type { HeaderFields } from './http2-layer.js'
import { Http2Server } from './http2-server.js'

function decode(decoder: HpackDecoder, block: Buffer): string[] {
  const fields: string[] = []
  decoder.decode(block, { field: (name, value) => fields.push(`${name}: ${value}`) })
  return fields
}

function hex(text: string): Buffer {
  return Buffer.from(text.replace(/\s/g, ''), 'hex')
}

const CUSTOM = 'custom-key: custom-value'
const REQUESTS = [
  [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com'],
  [
    ':method: GET',
    ':scheme: http',
    ':path: /',
    ':authority: www.example.com',
    'cache-control: no-cache',
  ],
  [':method: GET', ':scheme: https', ':path: /index.html', ':authority: www.example.com', CUSTOM],
]
const DATE = 'date: Mon, 21 Oct 2013 20:13:21 GMT'
const PLACE = 'location: https://www.example.com'
const RESPONSES = [
  [':status: 302', 'cache-control: private', DATE, PLACE],
  [':status: 307', 'cache-control: private', DATE, PLACE],
]

/** RFC 7541, appendix C. */
describe('the examples of the RFC', () => {
  const rows: [string, string[], string[][]][] = [
    [
      'C.2.1',
      ['400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572'],
      [['custom-key: custom-header']],
    ],
    ['C.2.2', ['040c 2f73 616d 706c 652f 7061 7468'], [[':path: /sample/path']]],
    ['C.2.3', ['1008 7061 7373 776f 7264 0673 6563 7265 74'], [['password: secret']]],
    ['C.2.4', ['82'], [[':method: GET']]],
    [
      'C.3, requests as they are',
      [
        '8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d',
        '8286 84be 5808 6e6f 2d63 6163 6865',
        '8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65',
      ],
      REQUESTS,
    ],
    [
      'C.4, requests with Huffman',
      [
        '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff',
        '8286 84be 5886 a8eb 1064 9cbf',
        '8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf',
      ],
      REQUESTS,
    ],
    [
      'C.6, responses with Huffman',
      [
        '4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3',
        '4883 640e ffc1 c0bf',
      ],
      RESPONSES,
    ],
  ]
  it.each(rows)('%s', (_, blocks, expected) => {
    const decoder = new HpackDecoder()
    expect(blocks.map((block) => decode(decoder, hex(block)))).toEqual(expected)
  })
})

describe('a broken header block', () => {
  const rows: [string, string, RegExp][] = [
    ['index 0', '80', /index 0/],
    ['an index beyond the static table', 'be', /index beyond the table/],
    ['an index beyond any table', 'ff 80 80 80 80 01', /number too large/],
    ['a number without an end', 'ff ff ff', /number cut off/],
    ['a number that overflows', 'ff ff ff ff ff ff ff ff ff ff 7f', /number too large/],
    ['a name by an index that is not there', '7f 80 01 01 61', /index beyond the table/],
    ['a string that is cut off', '00 05 61', /string cut off/],
    ['a string that is missing', '00 01 61', /string cut off/],
    ['a string longer than memory', '00 7f ff ff 7f', /string cut off/],
    ['a table size above the limit', '3f e2 1f', /table larger than allowed/],
    ['a table size behind a field', '82 20', /table size update behind a field/],
    ['Huffman padding of 8 bits', '00 01 61 82 1f ff', /Huffman code/],
    ['Huffman padding with zeros', '00 01 61 81 18', /Huffman code/],
    ['the end of string, in Huffman', '00 01 61 84 ff ff ff ff', /Huffman code/],
  ]
  it.each(rows)('%s', (_, block, message) => {
    expect(() => decode(new HpackDecoder(), hex(block))).toThrow(message)
    expect(() => decode(new HpackDecoder(), hex(block))).toThrow(Http2Error)
  })

  it('is not one of two table sizes at the start', () => {
    expect(decode(new HpackDecoder(), hex('20 3f e1 1f 82'))).toEqual([':method: GET'])
  })
})

describe('the table of the decoder', () => {
  it('forgets the oldest fields when it is full, and all for one that is too large', () => {
    const decoder = new HpackDecoder()
    const kept = (value: string) => {
      const { length } = value
      const bytes =
        length < 127 ? [length] : [127, ((length - 127) & 127) | 128, (length - 127) >> 7]
      return Buffer.concat([Buffer.from([0x40, 1, 0x61, ...bytes]), Buffer.from(value)])
    }
    for (let n = 0; n < 10_000; n++) decode(decoder, kept(`value ${n}`))
    expect(decode(decoder, hex('be bf'))).toEqual(['a: value 9999', 'a: value 9998'])
    // 4096 bytes hold 93 fields of 1 + 10 + 32 bytes... and no 96th.
    expect(() => decode(decoder, Buffer.from([0x80 | 127, 62 + 96 - 127]))).toThrow(/beyond/)
    decode(decoder, kept('x'.repeat(5000)))
    expect(() => decode(decoder, hex('be'))).toThrow(/beyond/)
  })

  it('shrinks as it is told', () => {
    const decoder = new HpackDecoder()
    decode(decoder, hex('40 01 61 01 62 40 01 63 01 64'))
    expect(decode(decoder, hex('3f 0f bf'.replace('bf', 'be')))).toEqual(['c: d'])
    expect(() => decode(decoder, hex('bf'))).toThrow(/beyond/)
  })
})

/** Header lists of every length, with values of every byte that may be in one. */
function randomHeaders(random: () => number): Record<string, string> {
  const headers: Record<string, string> = {}
  const known = ['user-agent', 'accept', 'grpc-timeout', 'x-scope-orgid', 'authorization', 'vary']
  for (let count = Math.floor(random() * 12); count > 0; count--) {
    const name =
      random() < 0.5
        ? known[Math.floor(random() * known.length)]!
        : `x-${Math.floor(random() * 1e6).toString(36)}`
    const length = Math.floor(random() ** 3 * 300)
    let value = ''
    while (value.length < length) value += String.fromCharCode(0x21 + Math.floor(random() * 94))
    headers[name] = value
  }
  return headers
}

const seed = Number(process.env['WEIR_SEED'] ?? 1)
const HEAD = { ':method': 'GET', ':scheme': 'http', ':authority': 'weir' }

/** Of the lists, what a message holds besides what the protocol adds. */
function plain(headers: HeaderFields): Record<string, unknown> {
  const added = /^(:.*|date)$/
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !added.test(name)))
}

describe(`header blocks, with node:http2 as the other side (seed ${seed})`, () => {
  const random = randomFrom(seed)
  const lists = Array.from({ length: 300 }, () => randomHeaders(random))

  it('are alike for its server', async () => {
    const asked: unknown[] = []
    const server = createServer()
    server.on('stream', (stream, headers) => {
      asked.push(plain(headers as HeaderFields))
      const list = lists[Number(headers[':path']!.slice(1))]!
      stream.respond({ ':status': 200, ...list }, { endStream: true })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const socket = connectTcp((server.address() as AddressInfo).port, '127.0.0.1')
    const never = { afterMs: Number.POSITIVE_INFINITY, timeoutMs: 1, withoutStream: false }
    const events = { ready() {}, leaving() {}, closed() {} }
    const client = new Http2ClientConnection(socket, 5000, never, loopback.clock, events)
    const answered = await Promise.all(
      lists.map((list, n) => headersOf(client, { ...HEAD, ':path': `/${n}`, ...list })),
    )
    client.destroy()
    server.close()
    expect(answered.map(plain)).toEqual(lists)
    expect(asked).toEqual(lists)
  })

  it('are alike for its client', async () => {
    const asked: unknown[] = []
    const settings = { concurrentStreamsMax: 1000, headerBytesMax: 16_384 }
    const { clock } = loopback
    const ours = new Http2Server(
      settings,
      CONNECTION_RULES_DEFAULT,
      undefined,
      clock,
      () => 0,
      (stream) => {
        asked.push(plain(stream.headers))
        const list = lists[Number((stream.headers[':path'] as string).slice(1))]!
        stream.refuse({ ':status': '200', ...list })
        return { data() {}, end() {}, gone() {} }
      },
    )
    const listening = await loopback.network.listen({ host: '127.0.0.1', port: 0 }, (socket) =>
      ours.accept(socket),
    )
    const session = connect(`http://127.0.0.1:${(listening.address as { port: number }).port}`)
    const answered = await Promise.all(
      lists.map(
        (list, n) =>
          new Promise<HeaderFields>((resolve) => {
            const stream = session.request({ ...HEAD, ':path': `/${n}`, ...list })
            stream.once('response', (headers) => resolve(headers as HeaderFields))
            stream.resume()
          }),
      ),
    )
    session.destroy()
    await listening.close()
    expect(answered.map(plain)).toEqual(lists)
    expect(asked).toEqual(lists)
  })
})

function headersOf(client: Http2ClientConnection, fields: HeaderFields): Promise<HeaderFields> {
  return new Promise((resolve, reject) => {
    client.request(fields, [], {
      headers: resolve,
      data() {},
      trailers() {},
      end() {},
      failed: (reason) => reject(new Error(reason)),
    })
  })
}

describe('encoded headers', () => {
  it('are encoded once when they are constant', () => {
    const fields = constantFields({ ':status': '200', a: ['1', '2'], b: undefined })
    expect(encodeFields(fields)).toBe(encodeFields(fields))
    expect(decode(new HpackDecoder(), encodeFields(fields))).toEqual([
      ':status: 200',
      'a: 1',
      'a: 2',
    ])
  })

  const texts: [string, HeaderFields, string[]][] = [
    ['pseudo-headers first', { a: '1', ':path': '/' }, [':path: /', 'a: 1']],
    ['bytes above ASCII', { a: 'caf\u00e9' }, ['a: caf\u00e9']],
    ['other characters as UTF-8', { a: '\u65e5' }, ['a: \u00e6\u0097\u00a5']],
    ['long values', { a: 'x'.repeat(70_000) }, [`a: ${'x'.repeat(70_000)}`]],
  ]
  it.each(texts)('hold %s', (_, fields, expected) => {
    expect(decode(new HpackDecoder(), encodeFields(fields))).toEqual(expected)
  })
})
