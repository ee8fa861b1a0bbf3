import { createSocket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { expect, onTestFinished, test } from 'vitest'
import { dnsRecords } from './dns-records.js'

const TYPES = { A: 1, NS: 2, MX: 15, AAAA: 28, SRV: 33 } as const

/** RFC 1035, section 3.1. */
function nameBytes(name: string): Buffer {
  const parts = name.split('.').map((part) => Buffer.from([part.length, ...Buffer.from(part)]))
  return Buffer.concat([...parts, Buffer.from([0])])
}

function number16(...numbers: readonly number[]): Buffer {
  return Buffer.concat(numbers.map((one) => Buffer.from([one >> 8, one & 0xff])))
}

/**
 * A resolver that asks a name server of the test's: it has one kind of record, answers with a code
 * of section 4.1.1, or says nothing.
 */
async function resolverOf(answer: { type: number; data: readonly Buffer[] } | number | undefined) {
  const server = createSocket('udp4')
  server.on('message', (query, { port, address }) => {
    if (answer === undefined) return
    const question = query.subarray(12, query.indexOf(0, 12) + 5)
    const code = typeof answer === 'number' ? answer : 0
    const records = typeof answer === 'number' ? [] : answer.data
    const head = [query.subarray(0, 2), number16(0x8180 | code, 1, records.length, 0, 0), question]
    const lines = records.map((data) => {
      const type = typeof answer === 'number' ? 0 : answer.type
      return Buffer.concat([number16(0xc00c, type, 1, 0, 60, data.length), data])
    })
    server.send(Buffer.concat([...head, ...lines]), port, address)
  })
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())))
  const resolver = new Resolver({ timeout: 20, tries: 1 })
  resolver.setServers([`127.0.0.1:${server.address().port}`])
  return resolver
}

const host = nameBytes('a.example.com')

test.each([
  ['A', Buffer.from([10, 0, 0, 1]), { host: '10.0.0.1' }],
  ['AAAA', Buffer.from('fd000000000000000000000000000001', 'hex'), { host: 'fd00::1' }],
  ['SRV', Buffer.concat([number16(1, 2, 8080), host]), { host: 'a.example.com', port: 8080 }],
  ['MX', Buffer.concat([number16(10), host]), { host: 'a.example.com' }],
  ['NS', host, { host: 'a.example.com' }],
] as const)('%s', async (type, data, record) => {
  const resolver = await resolverOf({ type: TYPES[type], data: [data, data] })
  expect(await dnsRecords(resolver, 'x.example.com', type)).toEqual([record, record])
})

test('no such name, and nothing under a name, are no records', async () => {
  expect(await dnsRecords(await resolverOf(3), 'x.example.com', 'A')).toEqual([])
  const nothing = await resolverOf({ type: TYPES.A, data: [] })
  expect(await dnsRecords(nothing, 'x.example.com', 'A')).toEqual([])
})

test.each([
  [2, 'cannot look up A x.example.com: the name server failed'],
  [5, 'cannot look up A x.example.com: the name server refused to answer'],
  [undefined, 'cannot look up A x.example.com: the name server does not answer'],
])('the answer %s is a failure', async (code, text) => {
  await expect(dnsRecords(await resolverOf(code), 'x.example.com', 'A')).rejects.toThrow(text)
})
