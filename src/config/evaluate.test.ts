import { describe, expect, test } from 'vitest'
import { parseExpression, Source } from '#grammar'
import { Capsule, OptionalSecret, Secret, type Value } from '#sdk'
import { EvaluationError, evaluate, evaluateText } from './evaluate.js'
import { Unknown } from './unknown.js'

const environment = {
  env: (name: string) => (name === 'SET' ? 'yes' : undefined),
  constants: new Map([['os', 'linux']]),
}

const object = new Map<string, Value>([
  ['a', 1n],
  ['nothing', null],
])

class Consumer extends Capsule {
  override readonly capsule = 'otelcol.Consumer'
}

const variables = new Map<string, Value>([
  ['list', [1n, 2n, 3n]],
  ['nothing', null],
  ['object', object],
  ['consumer', new Consumer()],
  ['password', new Secret('hunter2')],
  ['token', new OptionalSecret('hunter2', true)],
  ['plain', new OptionalSecret('plain', false)],
  ['split', 'a variable'],
])

describe('values', () => {
  const rows: readonly (readonly [string, Value])[] = [
    ['null', null],
    ['true', true],
    ['"a\\tb"', 'a\tb'],
    ['`raw\\`', 'raw\\'],
    ['12', 12n],
    ['1.5', 1.5],
    ['((1))', 1n],
    ['[1, [true], "x",]', [1n, [true], 'x']],
    [
      '{a = 1, "b c" = 2}',
      new Map([
        ['a', 1n],
        ['b c', 2n],
      ]),
    ],
    ['{a = 1, a = 2}', new Map([['a', 2n]])],
    ['{"__proto__" = 1}.__proto__', 1n],
    ['nothing', null],
    ['object.a', 1n],
    ['object["a"]', 1n],
    ['object.nothing', null],
    ['object["missing"]', null],
    ['list[0]', 1n],
    ['list[2.9]', 3n],
    ['list[18446744073709551615 - 18446744073709551614]', 2n],
    ['constants.os', 'linux'],
    ['sys.env("SET")', 'yes'],
    ['sys.env("UNSET")', ''],
    ['split', 'a variable'],
    ['{f = string.to_upper}.f("a")', 'A'],
    ['[string.join][0](["a", "b"], "-")', 'a-b'],
    ['if(true, "a", 1 / 0)', 'a'],
    ['if(object.a == 2, [][0], list[1])', 2n],
    ['if(false, if(true, 1, 2), if(false, 1, 2))', 2n],
  ]
  test.each(rows)('%s', (text, expected) => {
    expect(evaluateText(text, environment, variables)).toEqual({ value: expected, diagnostics: [] })
  })
})

/** The expression, the part that is marked, the message and the help. */
type Row = readonly [string, string, string, string?]

describe('errors mark the part that is wrong', () => {
  const rows: readonly Row[] = [
    ['undefined', 'undefined', 'there is no "undefined" here', 'put a text in double quotes'],
    ['objct.a', 'objct', 'there is no "objct" here', 'did you mean "object"?'],
    ['strin.join', 'strin', 'there is no "strin" here', 'did you mean "string"?'],
    ['object.b', 'b', 'object has no field "b"', 'it has a and nothing'],
    ['{}.b', 'b', 'this object has no field "b"', 'it has no fields'],
    ['string.formt("a")', 'formt', 'string has no field "formt"', 'did you mean "format"?'],
    ['nothing.a', 'nothing', 'the value before ".a" must be an object, and is null'],
    [
      'consumer.a',
      'consumer',
      'the value before ".a" must be an object, and is a capsule("otelcol.Consumer")',
    ],
    [
      'consumer["a"]',
      'consumer',
      'the value before "[" must be a list or an object, and is a capsule("otelcol.Consumer")',
    ],
    ['list["1"]', '"1"', 'an index of a list must be a number, and is a string'],
    ['object[1]', '1', 'a key of an object must be a string, and is a number'],
    ['1 + list[-1]', '-1', 'there is no item -1 in a list of 3 items', 'items count from 0'],
    ['[1][1]', '1', 'there is no item 1 in a list of 1 item', 'items count from 0'],
    [
      'list[1e300]',
      '1e300',
      'there is no item -9223372036854775808 in a list of 3 items',
      'items count from 0',
    ],
    ['[1, (2 * true)]', 'true', 'the right side of * must be a number, and is a bool'],
    ['{a = {b = [1, -"x"]}}', '"x"', 'the operand of - must be a number, and is a string'],
    ['1 / (2 - 2)', '(2 - 2)', 'division by zero'],
    ['1e400', '1e400', 'this number is too large'],
    ['list()', 'list', 'the value before "(" must be a function, and is a list'],
    [
      'consumer + "a"',
      'consumer',
      'the left side of + must be a number, a string or a secret, ' +
        'and is a capsule("otelcol.Consumer")',
    ],
    ['password - 1', 'password', 'the left side of - must be a number, and is a secret'],
    [
      'plain + 1',
      '1',
      'the right side of + must be a string, as the left side is, and is a number',
      'string.format("%v", ...) makes a string of a number',
    ],
    [
      'string.join(["a", {}], "-")',
      '{}',
      '"items[1]" of string.join must be a string, and is an object',
    ],
    [
      'string.join((["a", {}]), "-")',
      '{}',
      '"items[1]" of string.join must be a string, and is an object',
    ],
    [
      'string.join(array.concat(["a"], [{}]), "-")',
      'array.concat(["a"], [{}])',
      '"items[1]" of string.join must be a string, and is an object',
    ],
    [
      'array.group_by([{k = 1}], "k", true)',
      '1',
      '"items[0].k" of array.group_by must be a string, and is a number',
    ],
    [
      'array.group_by([{k = "a", k = 1}], "k", true)',
      '1',
      '"items[0].k" of array.group_by must be a string, and is a number',
    ],
    [
      'string.to_upper(password)',
      'password',
      '"text" of string.to_upper must be a string, and is a secret',
      'convert.nonsensitive(...) makes a plain string of a secret',
    ],
    [
      'string.to_upper()',
      'string.to_upper()',
      'string.to_upper takes 1 argument, and got 0',
      'write string.to_upper(text)',
    ],
    [
      'array.combine_maps([])',
      'array.combine_maps([])',
      'array.combine_maps takes 3 or 4 arguments, and got 1',
      'write array.combine_maps(left, right, keys[, passthrough])',
    ],
    [
      'string.format()',
      'string.format()',
      'string.format takes at least 1 argument, and got 0',
      'write string.format(format, ...values)',
    ],
    ['trim(1)', 'trim(1)', 'trim takes 2 arguments, and got 1', 'write trim(text, characters)'],
    [
      'encoding.from_json("[1,")',
      '"[1,"',
      'this cannot be read as JSON: expected a value at line 1, column 4',
    ],
  ]
  for (const [text, marked, message, help] of rows) {
    test(text, () => {
      const { value, diagnostics } = evaluateText(text, environment, variables)
      expect(value).toBeUndefined()
      const [{ at, ...diagnostic }] = diagnostics as [(typeof diagnostics)[number]]
      expect({ marked: text.slice(at.start, at.end), ...diagnostic }).toMatchObject({
        marked,
        message,
        help,
        severity: 'error',
        stage: 'evaluate',
      })
    })
  }
})

test('a text that does not parse gives the diagnostics of the parser', () => {
  const { value, diagnostics } = evaluateText('1 +', environment)
  expect(value).toBeUndefined()
  expect(diagnostics.map(({ stage }) => stage)).toEqual(['syntax'])
})

describe('secrets', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['password + "!"', 'secret hunter2!'],
    ['"!" + password', 'secret !hunter2'],
    ['password + token', 'secret hunter2hunter2'],
    ['plain + password', 'secret plainhunter2'],
    ['token + "!"', 'optional secret hunter2!'],
    ['"!" + token', 'optional secret !hunter2'],
    ['plain + token', 'optional secret plainhunter2'],
    ['plain + plain', 'optional plainplain'],
    ['plain + "!"', 'plain!'],
    ['convert.nonsensitive(password)', 'hunter2'],
    ['convert.nonsensitive(token)', 'hunter2'],
    ['string.format("%s:%s", "user", password)', 'secret user:hunter2'],
    ['string.format("%v", [{a = token}])', 'secret [map[a:hunter2]]'],
    ['string.format("%s", plain)', 'plain'],
    ['encoding.to_json({a = [password]})', 'secret {"a":["hunter2"]}'],
    ['encoding.to_json({a = plain})', '{"a":"plain"}'],
    ['coalesce("", password)', 'secret hunter2'],
    ['string.to_upper(plain)', 'PLAIN'],
    ['password == "hunter2"', 'true'],
    ['token == "hunter2"', 'true'],
    ['token == plain', 'false'],
    ['plain == "plain"', 'true'],
    ['password == token', 'true'],
    ['[password] == [password]', 'true'],
  ]
  test.each(rows)('%s', (text, expected) => {
    expect(described(evaluateText(text, environment, variables).value)).toBe(expected)
  })

  const refused = ['string.to_upper(token)', 'sys.env(password)', 'string.join([token], "")']
  test.each(refused)('%s is an error that does not show it', (text) => {
    const { value, diagnostics } = evaluateText(text, environment, variables)
    expect(value).toBeUndefined()
    expect(JSON.stringify(diagnostics[0])).not.toContain('hunter2')
  })
})

function described(value: Value | undefined): string {
  if (value instanceof Secret) return `secret ${value.reveal()}`
  if (value instanceof OptionalSecret)
    return `optional ${value.isSecret ? 'secret ' : ''}${value.text}`
  return String(value)
}

describe('what is not known yet', () => {
  const unknowns = new Map<string, Value>([
    ['any', new Unknown()],
    ['text', new Unknown('string')],
    ['number', new Unknown('number')],
    ['flag', new Unknown('bool')],
    ['items', new Unknown('array')],
    ['fields', new Unknown('object')],
    ['known', [new Unknown('string'), 'a', { x: 1 } as never]],
    ['half', [1n, new Unknown('number')]],
    ['password', new Secret('hunter2')],
    ['hidden', new Unknown('capsule', true)],
  ])

  /** The type of an unknown result, the message of an error, or "known". */
  function outcome(text: string): string {
    const { expression } = parseExpression(new Source('-', text))
    const components = { lookup: (name: string) => unknowns.get(name) }
    try {
      const value = evaluate(expression!, { components, environment, lenient: true })
      return value instanceof Unknown ? `unknown ${value.kind ?? 'value'}` : 'known'
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error
      return error.diagnostic.message
    }
  }

  const rows: readonly (readonly [string, string])[] = [
    ['any', 'unknown value'],
    ['any.a.b[0]("x")', 'unknown value'],
    ['any + 1', 'unknown number'],
    ['any + "a"', 'unknown value'],
    ['text + "a"', 'unknown string'],
    ['text + password', 'unknown capsule'],
    ['any + any', 'unknown value'],
    ['any - any', 'unknown number'],
    ['number ^ 2', 'unknown number'],
    ['any < 1', 'unknown bool'],
    ['any == 1', 'unknown bool'],
    ['[any] != [1]', 'unknown bool'],
    ['{a = any} == {}', 'unknown bool'],
    ['flag && true', 'unknown bool'],
    ['flag && 1 / 0 == 1', 'division by zero'],
    ['if(flag, "a", text)', 'unknown string'],
    ['if(flag, "a", 1)', 'unknown value'],
    ['if(flag, "a", 1 / 0)', 'division by zero'],
    ['if(text, 1 / 0, 1)', '"condition" of if must be true or false, and is a string'],
    ['if(flag, 1)', 'if takes 3 arguments, and got 2'],
    [
      'string.matches(text, "(")',
      '"pattern" of string.matches must be an RE2 regular expression (error parsing regexp: missing closing ): `(`), and is a string',
    ],
    ['password + text', 'unknown capsule'],
    ['string.join([hidden], "-")', '"items[0]" of string.join must be a string, and is a secret'],
    ['string.to_upper(hidden)', '"text" of string.to_upper must be a string, and is a secret'],
    ['convert.nonsensitive(hidden)', 'unknown string'],
    ['hidden + "a"', 'unknown capsule'],
    ['hidden - 1', 'the left side of - must be a number, and is a secret'],
    ['!any', 'unknown bool'],
    ['-any', 'unknown number'],
    ['[any]', 'known'],
    ['half[0] + 1', 'known'],
    ['half[number]', 'unknown value'],
    ['items[0]', 'unknown value'],
    ['fields.a', 'unknown value'],
    ['fields["a"]', 'unknown value'],
    ['string.join(items, "-")', 'unknown string'],
    ['string.join(["a", any], "-")', 'unknown string'],
    ['string.split(text, ",")', 'unknown array'],
    ['string.to_upper(number)', 'unknown string'],
    ['coalesce(any, 1)', 'unknown value'],
    ['encoding.to_json({a = any})', 'unknown value'],
    ['sys.env("SET")', 'known'],
    ['sys.env("UNSET")', 'unknown string'],
    ['sys.env("UNSET") + ":4317"', 'unknown string'],
    ['string.to_upper(sys.env("UNSET"))', 'unknown string'],
    // What is wrong whatever it turns out to be.
    ['any / 0', 'division by zero'],
    ['any + true', 'the right side of + must be a number, a string or a secret, and is a bool'],
    ['text - 1', 'the left side of - must be a number, and is a string'],
    ['text + 1', 'the right side of + must be a string, as the left side is, and is a number'],
    ['number < "a"', 'the right side of < must be a number, as the left side is, and is a string'],
    ['!text', 'the operand of ! must be true or false, and is a string'],
    ['text.a', 'the value before ".a" must be an object, and is a string'],
    ['text[0]', 'the value before "[" must be a list or an object, and is a string'],
    ['items["a"]', 'an index of a list must be a number, and is a string'],
    ['items[text]', 'an index of a list must be a number, and is a string'],
    ['fields[0]', 'a key of an object must be a string, and is a number'],
    ['string.join(text, "-")', '"items" of string.join must be a list of strings, and is a string'],
    ['string.to_upper(items)', '"text" of string.to_upper must be a string, and is a list'],
    ['string.to_upper([any])', '"text" of string.to_upper must be a string, and is a list'],
    ['string.join(any, [])', '"separator" of string.join must be a string, and is a list'],
    ['string.join(any)', 'string.join takes 2 arguments, and got 1'],
    ['number(1)', 'the value before "(" must be a function, and is a number'],
    ['any(undefined)', 'there is no "undefined" here'],
  ]
  test.each(rows)('%s', (text, expected) => expect(outcome(text)).toBe(expected))
})

test('values nested without end are an error', () => {
  let nested: Value = []
  for (let level = 0; level < 100_000; level++) nested = [nested]
  const { diagnostics } = evaluateText(
    'deep == deep2',
    environment,
    new Map([
      ['deep', nested],
      ['deep2', [nested]],
    ]),
  )
  expect(diagnostics[0]?.message).toBe('it is nested deeper than 500 levels')
})
