import { describe, expect, test } from 'vitest'
import { isIdentifier, sanitizeIdentifier } from './identifier.js'
import { nearest } from './nearest.js'

describe('isIdentifier and sanitizeIdentifier', () => {
  test.each([
    ['a_1', true, 'a_1'],
    ['éa٣', true, 'éa٣'],
    ['true', false, '_true'],
    ['1a', false, '_1a'],
    ['a-b c', false, 'a_b_c'],
    ['a\n', false, 'a_'],
    ['😀', false, '_'],
    ['null', false, '_null'],
  ])('%j', (text, is, sanitized) => {
    expect(isIdentifier(text)).toBe(is)
    expect(sanitizeIdentifier(text)).toBe(sanitized)
    expect(isIdentifier(sanitized)).toBe(true)
  })

  test('nothing cannot be made a name', () => {
    expect(isIdentifier('')).toBe(false)
    expect(() => sanitizeIdentifier('')).toThrow(RangeError)
  })
})

describe('nearest', () => {
  const names = ['timeout', 'send_batch_size', 'endpoint', 'id', 'output', 'input']
  test.each([
    ['a letter left out', 'timout', 'timeout'],
    ['a letter too many', 'endpoiint', 'endpoint'],
    ['another letter', 'ondpoint', 'endpoint'],
    ['neighbours swapped', 'tiemout', 'timeout'],
    ['another case', 'TimeOut', 'timeout'],
    ['dashes', 'send-batch-size', 'send_batch_size'],
    ['the nearer of two', 'imput', 'input'],
    ['nothing alike', 'headers', undefined],
    ['too short to tell', 'x', undefined],
    ['two letters swapped are another name', 'di', undefined],
  ])('%s', (_, name, expected) => expect(nearest(name, names)).toBe(expected))

  test('the first of equals wins, and nothing comes of nothing', () => {
    expect(nearest('abx', ['aby', 'abz'])).toBe('aby')
    expect(nearest('abc', [])).toBeUndefined()
  })
})
