import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { OptionalSecret, Secret, type Value } from '#sdk'
import { evaluateText } from '../evaluate.js'

const VARIABLES = new Map([
  ['HOME', '/home/me'],
  ['EMPTY', ''],
  ['7', 'seven'],
])
const environment = {
  env: (name: string) => VARIABLES.get(name),
  constants: new Map([['version', 'v1.2.3']]),
}
const variables = new Map<string, Value>([
  ['password', new Secret('hunter2')],
  ['no_password', new Secret('')],
  ['blank', new OptionalSecret('', false)],
])

const rows: readonly (readonly [string, Value])[] = [
  ['coalesce()', null],
  ['coalesce(null, "", 0, 0.0, -0.0, false, [], {}, no_password, blank, 3, 4)', 3n],
  ['coalesce("", [])', []],
  ['coalesce(0, null)', null],
  ['coalesce(" ", "b")', ' '],
  ['coalesce([null], 1)', [null]],
  ['coalesce(encoding.from_json("{}"), 1)', 1n],
  ['sys.env("HOME")', '/home/me'],
  ['sys.env("EMPTY")', ''],
  ['sys.env("MISSING")', ''],
  ['sys.env(7)', 'seven'],
  ['convert.nonsensitive(password)', 'hunter2'],
  ['convert.nonsensitive("plain")', 'plain'],
  ['convert.nonsensitive(null)', ''],
  ['constants.version', 'v1.2.3'],
  ['file.path_join()', ''],
  ['file.path_join("", "")', ''],
  ['file.path_join("a", "", "b")', join('a', 'b')],
  ['file.path_join("a/", "/b/")', join('a', 'b')],
  ['file.path_join("a", "../..", "b")', join('..', 'b')],
  ['file.path_join("/", "..")', join('/')],
  ['file.path_join("a", "..")', '.'],
  ['file.path_join(1, 2)', join('1', '2')],
]

test.each(rows)('%s', (text, expected) => {
  expect(evaluateText(text, environment, variables)).toEqual({ value: expected, diagnostics: [] })
})

describe('errors', () => {
  test.each([
    [
      'convert.nonsensitive(1)',
      '"secret" of convert.nonsensitive must be a string or a secret, and is a number',
    ],
    ['constants.hostname', 'constants has no field "hostname"'],
    ['file.path_join("a", [])', '"parts" of file.path_join must be a string, and is a list'],
  ])('%s', (text, message) => {
    const { diagnostics } = evaluateText(text, environment, variables)
    expect(diagnostics.map((diagnostic) => diagnostic.message)).toEqual([message])
  })
})
