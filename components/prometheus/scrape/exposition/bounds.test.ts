import { describe, expect, test } from 'vitest'
import { formatBound, NormalBounds, parseBound } from './bounds.js'

describe('bounds as OpenMetrics writes them', () => {
  test.each([
    [0, '0.0'],
    [-0, '0.0'],
    [1, '1.0'],
    [-20, '-20.0'],
    [0.005, '0.005'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [0.000025, '2.5e-05'],
    [999999, '999999.0'],
    [1e6, '1e+06'],
    [1234567.5, '1.2345675e+06'],
    [123456789, '1.23456789e+08'],
    [1e100, '1e+100'],
    [1.5e-300, '1.5e-300'],
    [Infinity, '+Inf'],
    [-Infinity, '-Inf'],
    [Number.NaN, 'NaN'],
  ])('%d', (value, text) => expect(formatBound(value)).toBe(text))

  test.each([
    ['+Inf', Infinity],
    ['-inf', -Infinity],
    ['+infinity', Infinity],
    ['1', 1],
    ['.5', 0.5],
    ['1e3', 1000],
    ['NaN', Number.NaN],
    ['', undefined],
    [' 1', undefined],
    ['0x10', undefined],
    ['1_000', undefined],
    ['1e999', undefined],
    ['c', undefined],
  ])('%s is a number', (text, value) => expect(parseBound(text)).toEqual(value))

  test('what is no number stays', () => {
    const bounds = new NormalBounds()
    const twice = (text: string) => [bounds.of(text), bounds.of(text)]
    expect(twice('10')).toEqual(['10.0', '10.0'])
    expect(twice('many')).toEqual(['many', 'many'])
    for (let n = 0; n < 1000; n++) expect(bounds.of(String(n))).toBe(`${n}.0`)
  })
})
