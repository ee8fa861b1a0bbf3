import { describe, expect, it } from 'vitest'
import { classifyGrpc, classifyHttp, parseRetryAfter } from './retry-rules.js'

const NOW = Date.UTC(2026, 10, 20, 12, 0, 0)

describe('gRPC answers', () => {
  const retryable = new Set([1, 4, 10, 11, 14, 15])
  it.each(Array.from({ length: 20 }, (_, code) => code))('code %i', (code) => {
    const without = classifyGrpc(code, undefined)
    const { kind } = classifyGrpc(code, 2000)
    if (code === 0) expect([without.kind, kind]).toEqual(['success', 'success'])
    else if (code === 8) expect([without.kind, kind]).toEqual(['permanent', 'retryable'])
    else {
      const expected = retryable.has(code) ? 'retryable' : 'permanent'
      expect([without.kind, kind]).toEqual([expected, expected])
    }
  })

  const delays: [number, number | undefined, number | undefined][] = [
    [14, undefined, undefined],
    [14, 1500, 1500],
    [14, 0, undefined],
    [8, 0, undefined],
    [8, 1, 1],
    [14, 1e12, 86_400_000],
  ]
  it.each(delays)('code %i with a delay of %j waits %j', (code, delay, waitMs) => {
    expect(classifyGrpc(code, delay)).toEqual({ kind: 'retryable', waitMs })
  })
})

describe('HTTP answers', () => {
  const statuses: [number, string][] = [
    [100, 'permanent'],
    [200, 'success'],
    [202, 'success'],
    [204, 'success'],
    [301, 'permanent'],
    [307, 'permanent'],
    ...[400, 401, 402, 404, 405, 408, 413, 414, 415, 418, 425, 431].map(
      (status): [number, string] => [status, 'permanent'],
    ),
    [429, 'retryable'],
    [500, 'permanent'],
    [501, 'permanent'],
    [502, 'retryable'],
    [503, 'retryable'],
    [504, 'retryable'],
    [505, 'permanent'],
    [599, 'permanent'],
  ]
  it.each(statuses)('%i is %s', (status, kind) => {
    expect(classifyHttp(status, undefined, NOW).kind).toBe(kind)
  })

  const headers: [string | undefined, number | undefined][] = [
    [undefined, undefined],
    ['', undefined],
    ['30', 30_000],
    [' 5 ', 5000],
    ['0', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['2026-11-20T12:01:00Z', undefined],
    ['Fri, 20 Nov 2026 12:00:30 GMT', 30_000],
    ['Friday, 20-Nov-26 12:00:30 GMT', 30_000],
    ['Fri Nov 20 12:00:30 2026', 30_000],
    ['Fri, 20 Nov 2026 11:59:59 GMT', undefined],
    ['Fri, 99 Nov 2026 12:00:30 GMT', undefined],
    ['99999999999', 86_400_000],
  ]
  it.each(headers)('Retry-After %j waits %j ms', (header, waitMs) => {
    for (const status of [429, 503]) {
      expect(classifyHttp(status, header, NOW)).toEqual({ kind: 'retryable', waitMs })
    }
    for (const status of [502, 504]) {
      expect(classifyHttp(status, header, NOW)).toEqual({ kind: 'retryable', waitMs: undefined })
    }
    expect(classifyHttp(500, header, NOW)).toEqual({ kind: 'permanent' })
  })

  it('reads 0 as no wait', () => {
    expect(parseRetryAfter('0', NOW)).toBe(0)
  })
})
