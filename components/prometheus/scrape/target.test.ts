import { describe, expect, test } from 'vitest'
import { scrapeTarget } from './target.js'

const DEFAULTS = {
  ...{ job_name: 'default', scheme: 'http', metrics_path: '/metrics' },
  params: new Map<string, readonly string[]>([['module', ['a', 'b']]]),
  ...{ scrape_interval: 60_000, scrape_timeout: 10_000 },
  metric_name_validation_scheme: 'legacy',
} as const

const targetOf = (labels: Readonly<Record<string, string>>, more: object = {}) =>
  scrapeTarget(new Map(Object.entries(labels)), { ...DEFAULTS, ...more })

const A = { __address__: 'a:1' }

const addresses: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
  ['by the arguments', A, 'http://a:1/metrics?module=a&module=b'],
  ['with a scheme', { ...A, __scheme__: 'https' }, 'https://a:1/metrics?module=a&module=b'],
  ['with a path', { ...A, __metrics_path__: '/x/y' }, 'http://a:1/x/y?module=a&module=b'],
  [
    'with a path that has a query',
    { ...A, __metrics_path__: '/x?y=z' },
    'http://a:1/x?y=z&module=a&module=b',
  ],
  ['with a parameter', { ...A, __param_x: 'y z' }, 'http://a:1/metrics?module=a&module=b&x=y+z'],
  [
    'with another first value',
    { ...A, __param_module: 'c' },
    'http://a:1/metrics?module=c&module=b',
  ],
  ['without a port', { __address__: 'a' }, 'http://a/metrics?module=a&module=b'],
  ['by IPv6', { __address__: '[::1]:9' }, 'http://[::1]:9/metrics?module=a&module=b'],
]

test.each(addresses)('is asked %s', (_, labels, url) => {
  expect(targetOf(labels)).toMatchObject({ url: new URL(url) })
})

test('has labels of its own, and job and instance', () => {
  const labels = { ...A, __meta_a: 'b', env: 'prod', none: '' }
  const of = (more: object) =>
    (targetOf({ ...labels, ...more }) as { labels: ReadonlyMap<string, string> }).labels
  expect(Object.fromEntries(of({}))).toEqual({ env: 'prod', job: 'default', instance: 'a:1' })
  expect(Object.fromEntries(of({ job: 'j', instance: 'i' }))).toEqual({
    ...{ env: 'prod', job: 'j', instance: 'i' },
  })
})

test('is the same for the same labels and address', () => {
  const key = (labels: object) => (targetOf({ ...A, ...labels }) as { key: string }).key
  expect(key({ a: '1', b: '2' })).toBe(key({ b: '2', a: '1', __meta_x: 'y' }))
  expect(key({ a: '1', __scrape_interval__: '20s' })).toBe(key({ a: '1' }))
  expect(key({ a: '1' })).not.toBe(key({ a: '2' }))
  expect(key({ __param_x: '1' })).not.toBe(key({}))
  expect(key({ __metrics_path__: '/x' })).not.toBe(key({}))
})

test('targets are spread over the interval', () => {
  const offsets = Array.from({ length: 100 }, (_, n) => {
    const { offset } = targetOf({ __address__: `host-${n}:1` }) as { offset: number }
    return Math.floor(offset * 4)
  })
  expect([...new Set(offsets)].sort()).toEqual([0, 1, 2, 3])
})

test('may have an interval and a timeout of its own', () => {
  const labels = { ...A, __scrape_interval__: '1m30s', __scrape_timeout__: '5s' }
  expect(targetOf(labels)).toMatchObject({ intervalMs: 90_000, timeoutMs: 5000 })
})

describe('is none', () => {
  test.each([
    [{}, 'it has no label __address__'],
    [{ __address__: 'a/b' }, 'its address "a/b" has a "/" in it'],
    [{ __address__: 'a b' }, 'its address "a b" is none that HTTP has'],
    [{ ...A, __scheme__: 'ftp' }, 'its address "a:1" is none that HTTP has'],
    [{ ...A, __scrape_interval__: 'often' }, 'its __scrape_interval__ is no duration above 0'],
    [{ ...A, __scrape_timeout__: '0s' }, 'its __scrape_timeout__ is no duration above 0'],
    [{ ...A, __scrape_interval__: '5s' }, 'its timeout of 10s is longer than its interval of 5s'],
    [{ ...A, 'a.b': 'c' }, 'its label "a.b" has a name that no label may have'],
  ])('%j', (labels, reason) => {
    expect(targetOf(labels as Record<string, string>)).toBe(reason)
  })

  test('but with names of any kind, where they may be', () => {
    expect(targetOf({ ...A, 'a.b': 'c' }, { metric_name_validation_scheme: 'utf8' })).toMatchObject(
      {
        key: expect.any(String),
      },
    )
  })
})
