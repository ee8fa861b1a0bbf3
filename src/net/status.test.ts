import { describe, expect, it } from 'vitest'
import { Permanent, Retryable } from '#sdk'
import { codeName, codeOfHttp, httpStatusOf, StatusError, spreadHint, statusOf } from './status.js'

describe('codes', () => {
  const toHttp: [number, string, number][] = [
    [0, 'OK', 200],
    [1, 'CANCELLED', 503],
    [2, 'UNKNOWN', 500],
    [3, 'INVALID_ARGUMENT', 400],
    [4, 'DEADLINE_EXCEEDED', 503],
    [5, 'NOT_FOUND', 500],
    [6, 'ALREADY_EXISTS', 500],
    [7, 'PERMISSION_DENIED', 403],
    [8, 'RESOURCE_EXHAUSTED', 429],
    [9, 'FAILED_PRECONDITION', 500],
    [10, 'ABORTED', 503],
    [11, 'OUT_OF_RANGE', 503],
    [12, 'UNIMPLEMENTED', 404],
    [13, 'INTERNAL', 500],
    [14, 'UNAVAILABLE', 503],
    [15, 'DATA_LOSS', 503],
    [16, 'UNAUTHENTICATED', 401],
    [17, 'code 17', 500],
  ]
  it.each(toHttp)('%i is %s and HTTP %i', (code, name, status) => {
    expect([codeName(code), httpStatusOf(code)]).toEqual([name, status])
  })

  const ofHttp: [number, number][] = [
    [200, 0],
    [204, 0],
    [400, 3],
    [401, 16],
    [403, 7],
    [404, 12],
    [409, 2],
    [418, 2],
    [429, 8],
    [500, 2],
    [502, 14],
    [503, 14],
    [504, 14],
  ]
  it.each(ofHttp)('HTTP %i is %i', (status, code) => {
    expect(codeOfHttp(status)).toBe(code)
  })
})

describe('the status of a failure', () => {
  const rows: [unknown, [number, number | undefined, number] | undefined][] = [
    [new Retryable('x'), [14, undefined, 503]],
    [new Retryable('x', { retryAfterMs: 5 }), [14, 5, 503]],
    [new Retryable('x', { code: 8, retryAfterMs: 0 }), [8, 0, 429]],
    [new Retryable('x', { code: 8 }), [8, 0, 429]],
    [new Permanent('x'), [13, undefined, 500]],
    [new Permanent('x', { code: 3 }), [3, undefined, 400]],
    [new StatusError(3, 'x', { httpStatus: 415 }), [3, undefined, 415]],
    [new TypeError('x'), undefined],
    ['x', undefined],
  ]
  it.each(rows)('of %s', (error, expected) => {
    const status = statusOf(error)
    expect(status && [status.code, status.retryDelayMs, status.httpStatus]).toEqual(expected)
    if (status) expect(status.message).toBe('x')
  })
})

describe('a hint on its way out', () => {
  const rows: [hint: number | undefined, least: number | undefined, most: number | undefined][] = [
    [undefined, undefined, undefined],
    [0, 0, 0],
    [1000, 1000, 3000],
    [20_000, 20_000, 30_000],
    [60_000, 60_000, 70_000],
  ]
  it.each(rows)('of %s ms is never shorter, and longer by chance', (hint, least, most) => {
    const status = new StatusError(14, 'x', { retryDelayMs: hint, headers: { allow: 'y' } })
    const spread = [() => 0, () => 1].map((random) => spreadHint(status, random))
    expect(spread.map(({ retryDelayMs }) => retryDelayMs)).toEqual([least, most])
    const { code, message, httpStatus, headers } = spread[1]!
    expect([code, message, httpStatus, headers]).toEqual([14, 'x', 503, { allow: 'y' }])
  })
})
