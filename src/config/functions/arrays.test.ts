import { describe, expect, test } from 'vitest'
import type { Value } from '#sdk'
import { evaluateText } from '../evaluate.js'
import { valueToJson } from '../value-json.js'

const environment = { env: () => undefined, constants: new Map() }

const rows: readonly (readonly [string, string])[] = [
  ['array.concat()', '[]'],
  ['array.concat([1], [], [2, [3]])', '[1,2,[3]]'],
  ['array.combine_maps([{a = 1, b = 2}], [{a = 1, c = 3}], ["a"])', '[{"a":1,"b":2,"c":3}]'],
  ['array.combine_maps([{a = 1, b = 2}], [{a = 1.0, b = 3}], ["a"])', '[{"a":1,"b":3}]'],
  ['array.combine_maps([{a = 1}], [{a = "1"}], ["a"])', '[]'],
  ['array.combine_maps([{a = "x"}], [{a = 1}, {a = "x", n = 2}], ["a"])', '[{"a":"x","n":2}]'],
  ['array.combine_maps([{a = [1]}], [{a = {}}], ["a"])', '[]'],
  ['array.combine_maps([{a = null}], [{a = null, b = 1}], ["a"])', '[{"a":null,"b":1}]'],
  ['array.combine_maps([{}], [{}], ["a"])', '[]'],
  ['array.combine_maps([{a = 1, b = 1}], [{a = 1, b = 2}], ["a", "b"])', '[]'],
  // An object that matches none is kept once, also when there is nothing to match.
  ['array.combine_maps([{a = 1}], [{a = 2}, {a = 3}], ["a"], true)', '[{"a":1}]'],
  ['array.combine_maps([{a = 1}], [], ["a"], true)', '[{"a":1}]'],
  ['array.combine_maps([{a = 1}], [], ["a"], false)', '[]'],
  ['array.combine_maps([{a = 1}], [{a = 2}, {a = 1, b = 1}], ["a"], true)', '[{"a":1,"b":1}]'],
  // Groups come in the order in which they appear.
  [
    'array.group_by([{k = "b"}, {k = "a", n = 1}, {k = "b", n = 2}], "k", false)',
    '[{"items":[{"k":"b"},{"k":"b","n":2}],"k":"b"},{"items":[{"k":"a","n":1}],"k":"a"}]',
  ],
  ['array.group_by([{n = 1}, {k = ""}], "k", false)', '[{"items":[{"n":1},{"k":""}],"k":""}]'],
  ['array.group_by([{n = 1}, {k = ""}], "k", true)', '[{"items":[{"k":""}],"k":""}]'],
  ['array.group_by([], "k", false)', '[]'],
  ['array.keys({b = 1, a = 2})', '["b","a"]'],
  ['array.keys({})', '[]'],
  ['array.values({b = 1, a = [2]})', '[1,[2]]'],
  ['array.merge()', '{}'],
  ['array.merge({a = 1, b = 1}, {b = 2}, {c = 3})', '{"a":1,"b":2,"c":3}'],
  ['array.length([])', '0'],
  ['array.length([1, [2, 3]])', '2'],
  ['array.length({a = 1})', '1'],
  ['array.contains([1, "2"], 1.0)', 'true'],
  ['array.contains([1, "2"], 2)', 'false'],
  ['array.contains([{a = [1]}], {a = [1]})', 'true'],
]

describe('results', () => {
  test.each(rows)('%s', (text, expected) => {
    const { value, diagnostics } = evaluateText(text, environment)
    expect(diagnostics).toEqual([])
    expect(valueToJson(value!)).toBe(expected)
  })
})

describe('errors', () => {
  test.each([
    ['[1]', 'a list'],
    ['{}', 'an object'],
    ['string.join', 'a function'],
  ])('objects cannot be matched by %s', (key, noun) => {
    const text = `array.combine_maps([{a = ${key}}], [{a = ${key}}], ["a"])`
    const { diagnostics } = evaluateText(text, environment)
    expect(diagnostics.map((diagnostic) => diagnostic.message)).toEqual([
      `objects cannot be matched by "a", which holds ${noun}`,
    ])
  })
})

test('objects are combined in the order of the first list, then of the second', () => {
  const text = `array.combine_maps(
    [{p = "x", l = 1}, {p = "y", l = 2}],
    [{p = "y", r = 1}, {p = "x", r = 2}, {p = "x", r = 3}],
    ["p"],
  )`
  expect(valueToJson(evaluateText(text, environment).value!)).toBe(
    '[{"l":1,"p":"x","r":2},{"l":1,"p":"x","r":3},{"l":2,"p":"y","r":1}]',
  )
})

describe('limits', () => {
  const objects = (count: number, value: Value) =>
    Array.from({ length: count }, () => new Map([['a', value]]))
  const variables = new Map<string, Value>([
    ['many', Array<null>(600_000).fill(null)],
    ['same', objects(1001, 's')],
    ['ones', objects(5001, 1n)],
    ['twos', objects(5001, 2n)],
  ])
  test.each([
    ['array.concat(many, many)', 'the result has more than 1000000 items'],
    ['array.combine_maps(same, same, ["a"])', 'the result has more than 1000000 items'],
    ['array.combine_maps(ones, twos, ["a"])', 'there are more than 25000000 pairs to compare'],
  ])('%s', (text, message) => {
    const { diagnostics } = evaluateText(text, environment, variables)
    expect(diagnostics.map((diagnostic) => diagnostic.message)).toEqual([message])
  })
})
