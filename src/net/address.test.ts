import { describe, expect, it } from 'vitest'
import { formatAddress, listenerKey, parseAddress } from './address.js'
import { parseGrpcTarget } from './grpc-target.js'

describe('addresses to listen on', () => {
  const rows: [string, string | undefined][] = [
    ['127.0.0.1:4317', '127.0.0.1:4317'],
    ['localhost:0', 'localhost:0'],
    [':4317', '[::]:4317'],
    ['[::1]:4317', '[::1]:4317'],
    ['unix:/run/otlp.sock', 'unix:/run/otlp.sock'],
    ['unix:///run/otlp.sock', 'unix:/run/otlp.sock'],
    ['', undefined],
    ['localhost', undefined],
    ['localhost:', undefined],
    ['localhost:http', undefined],
    ['localhost:65536', undefined],
    ['::1:4317', undefined],
    ['[nonsense]:4317', undefined],
    ['http://localhost:4317', undefined],
    ['a b:1', undefined],
    ['unix:', undefined],
  ]
  it.each(rows)('%j is %j', (text, expected) => {
    const address = parseAddress(text)
    expect(address && formatAddress(address)).toBe(expected)
    if (address) expect(listenerKey(address)).toBe(`listener ${expected}`)
  })
})

describe('targets of gRPC clients', () => {
  const rows: [string, [string, boolean | undefined] | RegExp][] = [
    ['tempo:4317', ['tempo:4317', undefined]],
    ['http://tempo:4317', ['tempo:4317', false]],
    ['https://tempo:4317', ['tempo:4317', true]],
    ['dns:///tempo:4317', ['tempo:4317', undefined]],
    ['https://[::1]:4317', ['[::1]:4317', true]],
    ['unix:/run/otlp.sock', ['unix:/run/otlp.sock', undefined]],
    ['unix:///run/otlp.sock', ['unix:/run/otlp.sock', undefined]],
    [' tempo:4317 ', ['tempo:4317', undefined]],
    ['tempo', /needs a host and a port/],
    [':4317', /needs a host and a port/],
    ['tempo:0', /needs a host and a port/],
    ['', /needs a host and a port/],
    ['http://tempo:4317/v1/traces', /without a path/],
    ['http://tempo:4317/', /without a path/],
    ['user@tempo:4317', /without a path/],
    ['dns://8.8.8.8/tempo:4317', /names a DNS server/],
    ['http://unix:/run/x', /has two schemes/],
    ['ftp://tempo:1', /without a path/],
  ]
  it.each(rows)('%j', (text, expected) => {
    const target = parseGrpcTarget(text)
    if (expected instanceof RegExp) expect(target).toMatch(expected)
    else if (typeof target === 'string') expect.fail(target)
    else expect([target.name, target.tls]).toEqual(expected)
  })
})
