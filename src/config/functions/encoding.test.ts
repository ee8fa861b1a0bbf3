import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Uint64, type Value } from '#sdk'
import { evaluateText } from '../evaluate.js'
import { decodeBase64, encodeBase64 } from './base64.js'
import { parseJson, writeJson } from './json.js'
import { decodeQuery, encodeQuery } from './url.js'

const environment = { env: () => undefined, constants: new Map() }

function outcome(text: string, variables: ReadonlyMap<string, Value> = new Map()): Value {
  const { value, diagnostics } = evaluateText(text, environment, variables)
  return value === undefined ? `error: ${diagnostics[0]!.message}` : value
}

describe('JSON', () => {
  const reads: readonly (readonly [string, Value])[] = [
    ['1', 1],
    ['-0', -0],
    ['9007199254740993', 9007199254740992],
    [' [1, "a", true, null] ', [1, 'a', true, null]],
    [
      '{"a":{"b":[]},"1":2}',
      new Map<string, Value>([
        ['a', new Map([['b', []]])],
        ['1', 2],
      ]),
    ],
    ['{"a":1,"a":2}', new Map([['a', 2]])],
    ['{"__proto__":1}', new Map([['__proto__', 1]])],
    ['"\\u00e9\\ud83d\\ude00\\n\\/"', 'é😀\n/'],
    ['"\\ud800x\\udc00"', '\ufffdx\ufffd'],
    ['', 'error: expected a value at line 1, column 1'],
    ['\ufeff1', 'error: expected a value at line 1, column 1'],
    ['[1,\n 2', 'error: expected "," or "]" at line 2, column 3'],
    ['[1,]', 'error: expected a value at line 1, column 4'],
    ['{"a" 1}', 'error: expected ":" at line 1, column 6'],
    ['{a: 1}', 'error: expected a key in double quotes at line 1, column 2'],
    ['01', 'error: expected the end of the text at line 1, column 2'],
    ['1e400', 'error: expected a smaller number at line 1, column 1'],
    ['"\\x"', 'error: expected an escape such as \\n or \\u00e9 at line 1, column 2'],
    ['"a\tb"', 'error: expected the end of the string, in double quotes at line 1, column 3'],
    ['['.repeat(201), 'error: it is nested deeper than 200 levels'],
  ]
  test.each(reads)('reads %j', (json, expected) => {
    const result = outcome('encoding.from_json(x)', new Map([['x', json]]))
    const short =
      typeof result === 'string' ? result.replace('this cannot be read as JSON: ', '') : result
    expect(short).toEqual(expected)
  })

  const writes: readonly (readonly [Value, string])[] = [
    [
      new Map<string, Value>([
        ['b', 1n],
        ['a', [1.5, null, true]],
      ]),
      '{"a":[1.5,null,true],"b":1}',
    ],
    [
      new Map([
        ['\uffff', 1n],
        ['😀', 2n],
      ]),
      '{"\uffff":1,"😀":2}',
    ],
    [
      new Map([['a', '<&>\u2028"\\\n\b\x01\x7f']]),
      '{"a":"\\u003c\\u0026\\u003e\\u2028\\"\\\\\\n\\b\\u0001\x7f"}',
    ],
    [new Map([['a', [1e21, 1e-7, 100, -0, 123456789]]]), '{"a":[1e+21,1e-7,100,-0,123456789]}'],
    [new Map([['a', new Uint64(2n ** 64n - 1n)]]), '{"a":18446744073709551615}'],
    [
      new Map([['a', Number.NaN]]),
      'error: this cannot be written: JSON has no infinity and no NaN',
    ],
    [[], 'error: "value" of encoding.to_json must be an object, and is a list'],
  ]
  test.each(writes)('writes %s as %s', (value, expected) => {
    expect(outcome('encoding.to_json(x)', new Map([['x', value]]))).toBe(expected)
  })

  test('functions and capsules have no JSON', () => {
    expect(outcome('encoding.to_json({f = string.join})')).toBe(
      'error: this cannot be written: JSON has no functions and no capsules',
    )
  })

  test('reads what JSON.parse reads, and writes what it reads', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const value = parseJson(json, 'floats')
        expect(JSON.parse(writeJson(value))).toEqual(JSON.parse(json))
      }),
      { seed: 20260806, numRuns: 500 },
    )
  })

  test('refuses what JSON.parse refuses', () => {
    const characters = fc.constantFrom(...'[]{},:"\\ 01.-e+tfnulra')
    fc.assert(
      fc.property(fc.array(characters, { maxLength: 8 }), (parts) => {
        const json = parts.join('')
        expect(fails(() => parseJson(json, 'floats'))).toBe(fails(() => JSON.parse(json)))
      }),
      { seed: 20260807, numRuns: 5000 },
    )
  })
})

function fails(act: () => unknown): boolean {
  try {
    act()
    return false
  } catch {
    return true
  }
}

describe('base64', () => {
  const rows: readonly (readonly [string, Value])[] = [
    ['encoding.to_base64("a?~é")', 'YT9+w6k='],
    ['encoding.to_URLbase64("a?~é")', 'YT9-w6k='],
    ['encoding.from_base64("YT9+w6k=")', 'a?~é'],
    ['encoding.from_URLbase64("YT9-w6k=")', 'a?~é'],
    ['encoding.from_base64("YQ==\\r\\n")', 'a'],
    ['encoding.from_base64("")', ''],
    ['encoding.from_base64("/w==")', [255n]],
    ['encoding.from_base64("77u/YQ==")', '\ufeffa'],
    ['encoding.from_base64("YQ")', 'error: this is no padded base64: the fault is at character 3'],
    ['encoding.from_base64("YQ=")', 'error: this is no padded base64: the fault is at character 4'],
    [
      'encoding.from_base64("YQ===")',
      'error: this is no padded base64: the fault is at character 5',
    ],
    [
      'encoding.from_base64("Y===")',
      'error: this is no padded base64: the fault is at character 2',
    ],
    [
      'encoding.from_base64("YQ==YQ==")',
      'error: this is no padded base64: the fault is at character 5',
    ],
    [
      'encoding.from_base64("YT9-")',
      'error: this is no padded base64: the fault is at character 4',
    ],
    [
      'encoding.from_URLbase64("YT9+")',
      'error: this is no padded base64: the fault is at character 4',
    ],
    [
      'encoding.from_base64("éQ==")',
      'error: this is no padded base64: the fault is at character 1',
    ],
    [
      'encoding.from_base64("YQ ==")',
      'error: this is no padded base64: the fault is at character 3',
    ],
  ]
  test.each(rows)('%s', (text, expected) => expect(outcome(text)).toEqual(expected))

  test('what is written is read back', () => {
    const alphabet = fc.constantFrom('standard', 'url')
    fc.assert(
      fc.property(fc.uint8Array(), alphabet, (bytes, name) => {
        return Buffer.from(bytes).equals(decodeBase64(encodeBase64(bytes, name), name))
      }),
      { seed: 20260808 },
    )
  })
})

describe('URL escapes', () => {
  const rows: readonly (readonly [string, Value])[] = [
    ['encoding.url_encode("a b+c&é=!*()\'~-_.")', 'a+b%2Bc%26%C3%A9%3D%21%2A%28%29%27~-_.'],
    ['encoding.url_decode("a+b%2Bc%C3%a9")', 'a b+cé'],
    ['encoding.url_decode("é")', 'é'],
    [
      'encoding.url_decode("a%4")',
      'error: "%" must come before two hexadecimal digits, and at character 2 does not',
    ],
    [
      'encoding.url_decode("%zz")',
      'error: "%" must come before two hexadecimal digits, and at character 1 does not',
    ],
    ['encoding.url_decode("%ff")', 'error: this stands for bytes that are no text in UTF-8'],
  ]
  test.each(rows)('%s', (text, expected) => expect(outcome(text)).toBe(expected))

  test('what is written is read back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        return Buffer.from(decodeQuery(encodeQuery(text))).toString() === text
      }),
      { seed: 20260809 },
    )
  })
})
