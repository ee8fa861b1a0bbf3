import { expect, test } from 'vitest'
import { NoProxy } from './no-proxy.js'

const ROWS: readonly (readonly [list: string, direct: string, proxied: string])[] = [
  ['', 'localhost 127.0.0.1 127.9.9.9 [::1]', 'example.com 10.0.0.1 mylocalhost'],
  ['*', 'example.com 10.0.0.1', ''],
  ['example.com', 'example.com a.example.com A.B.EXAMPLE.COM', 'xexample.com example.com.org com'],
  ['.example.com', 'a.example.com', 'example.com'],
  ['*.example.com', 'a.example.com', 'example.com'],
  [' a.com , b.com:8080 ', 'a.com:1 b.com:8080 x.b.com:8080', 'b.com b.com:80 c.com'],
  ['a.com:443', '', 'a.com'],
  ['10.0.0.1', '10.0.0.1 10.0.0.1:99', '10.0.0.2 a.com'],
  ['10.0.0.1:80', '10.0.0.1', '10.0.0.1:99'],
  ['10.0.0.0/8', '10.255.0.1', '11.0.0.1'],
  ['fd00::/8,[2001:db8::1]:80', '[fd12::1] [2001:db8::1]', '[2001:db8::2] [2001:db8::1]:99'],
  ['10.0.0.0/99,,:80,/', '', '10.0.0.1 a.com'],
]

test.each(ROWS)('%j', (list, direct, proxied) => {
  const rules = new NoProxy(list)
  const urls = (hosts: string) => hosts.split(' ').filter(Boolean)
  for (const host of urls(direct)) expect(rules.has(new URL(`http://${host}/`)), host).toBe(true)
  for (const host of urls(proxied)) expect(rules.has(new URL(`http://${host}/`)), host).toBe(false)
})

test('the port of https', () => {
  expect(new NoProxy('a.com:443').has(new URL('https://a.com/'))).toBe(true)
})
