import { describe, expect, test } from 'vitest'
import type { Value } from '#sdk'
import { evaluateText } from '../../evaluate.js'
import { valueToJson } from '../../value-json.js'

const environment = { env: () => undefined, constants: new Map() }

function select(json: string, path: string): string {
  const variables = new Map<string, Value>([
    ['json', json],
    ['path', path],
  ])
  const { value, diagnostics } = evaluateText('json_path(json, path)', environment, variables)
  return value === undefined ? `error: ${diagnostics[0]!.message}` : valueToJson(value)
}

const STORE = `{
  "book": [
    {"kind": "ref", "price": 8.95, "title": "A"},
    {"kind": "fiction", "price": 12, "title": "B", "isbn": null},
    {"kind": "fiction", "price": 8, "title": "C", "isbn": "x"}
  ],
  "max": 9,
  "a b": {"title": "D"}
}`

const groups: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'names and indexes': [
    ['$.max', '[9]'],
    ['.max', '[9]'],
    ['max', '[9]'],
    ['@.max', '[9]'],
    ["$['a b'].title", '["D"]'],
    ['$["a b"]["title"]', '["D"]'],
    ['$.book[1].title', '["B"]'],
    ['$.book[-1].title', '["C"]'],
    ['$.book[ 0 ].title', '["A"]'],
    ['$.book[3]', '[]'],
    ['$.book[18446744073709551615].title', '["C"]'],
    ['$.nope.deeper[0]', '[]'],
    ['$.max.nope', '[]'],
    ['', '[]'],
    ["$['m\\u0061x']", '[9]'],
    ["$['m\\x61x']", '[9]'],
  ],
  'many at once': [
    ['$.book[*].title', '["A","B","C"]'],
    ['$.book.*.price', '[8.95,12,8]'],
    ['$.book[0,2].title', '["A","C"]'],
    ["$.book[0]['title','kind','nope']", '["A","ref"]'],
    ["$.book[0,-1]['price']", '[8.95,8]'],
    [
      '$.book[*]',
      '[{"kind":"ref","price":8.95,"title":"A"},' +
        '{"isbn":null,"kind":"fiction","price":12,"title":"B"},' +
        '{"isbn":"x","kind":"fiction","price":8,"title":"C"}]',
    ],
    ['$..title', '["A","B","C","D"]'],
    ['$..book[1:].title', '["B","C"]'],
    ['$..[0].title', '["A"]'],
    ['book[0]..', '["ref",8.95,"A",{"kind":"ref","price":8.95,"title":"A"}]'],
  ],
  slices: [
    ['$.book[1:2].title', '["B"]'],
    ['$.book[:2].title', '["A","B"]'],
    ['$.book[-2:].title', '["B","C"]'],
    ['$.book[::2].title', '["A","C"]'],
    ['$.book[::-1].title', '["C","B","A"]'],
    ['$.book[2:0:-1].title', '["C","B"]'],
    ['$.book[-100:100].title', '["A","B","C"]'],
    ['$.book[::0].title', '[]'],
    ['$.book[2:1].title', '[]'],
  ],
  filters: [
    ['$.book[?(@.price < 10)].title', '["A","C"]'],
    ['$.book[?@.price >= $.max].title', '["B"]'],
    ["$.book[?(@.kind == 'fiction' && @.price < 10)].title", '["C"]'],
    ["$.book[?(@.kind == 'ref' || @.price > 10 && @.isbn == null)].title", '["A","B"]'],
    ['$.book[?(@.isbn)].title', '["B","C"]'],
    ['$.book[?(!@.isbn)].title', '["A"]'],
    ['$.book[?(@.isbn == null)].title', '["B"]'],
    ['$.book[?(@.isbn == Nothing)].title', '["A"]'],
    ['$.book[?(@.isbn != null)].title', '["A","C"]'],
    ['$.book[?(@.isbn exists false)].title', '["A"]'],
    ["$.book[?(@.title in ['A', 'C'])].title", '["A","C"]'],
    ['$.book[?(@.kind =~ /^fic/)].title', '["B","C"]'],
    ["$.book[?match(@.kind, 'f.*n')].title", '["B","C"]'],
    ["$.book[?match(@.kind, 'fic')].title", '[]'],
    ["$.book[?search(@.kind, 'e')].title", '["A"]'],
    ["$.book[?match(@.kind, '(')].title", '[]'],
    ['$.book[?(length(@.kind) == 3)].title', '["A"]'],
    ['$.book[?(count(@.*) == 4)].title', '["B","C"]'],
    ['$.book[?(@.price * 2 - 4 == 20)].title', '["B"]'],
    ['$.book[?(@.price / 0 == 1)].title', '[]'],
    ['$.book[?(@.title + "!" == "A!")].title', '["A"]'],
    ['$.book[?(@.title > "A")].title', '["B","C"]'],
    ['$.book[?(@.title < 1)].title', '[]'],
    ['$.book[?(@.title empty false)].title', '["A","B","C"]'],
    ['$[?(@ == 9)]', '[9]'],
    ['$.book[?(@.price == 12.0)].title', '["B"]'],
  ],
}

/** What is wrong with a path. */
const faults: readonly (readonly [string, string])[] = [
  ['$.', 'expected a name or "*" at character 3'],
  ['$.book[', 'expected a name in quotes, an index, "*", ":" or "?" at character 8'],
  ['$.book[0', 'expected "," or "]" at character 9'],
  ['$.book[1e3]', 'expected "," or "]" at character 9'],
  ['$.a-b', 'expected ".", "[" or the end of the path at character 4'],
  ["$['a", 'expected a string with its end at character 3'],
  ["$['\\q']", 'expected an escape such as \\n at character 6'],
  ['$[?(@.a == )]', 'expected a path, a value or a function at character 12'],
  ['$[?(@.a]', 'expected ")" at character 8'],
  ['$[?length()]', 'expected 1 in the brackets of length at character 12'],
  ['$[?length @]', 'expected "(" at character 10'],
  ['$[?@ =~ /a]', 'expected a pattern between slashes at character 9'],
  [`$[?${'('.repeat(200)}`, 'expected fewer brackets at character 24'],
]

for (const [name, rows] of Object.entries(groups)) {
  describe(name, () => {
    test.each(rows)('%s', (path, expected) => expect(select(STORE, path)).toBe(expected))
  })
}

describe('faults', () => {
  test.each(faults)('%s', (path, expected) => {
    expect(select(STORE, path)).toBe(`error: this is no JSONPath: ${expected} of the path`)
  })
})

describe('documents', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['', '[]'],
    [' \n', '[]'],
    ['\ufeff1', '[1]'],
    ['9007199254740993', '[9007199254740993]'],
    ['18446744073709551615', '[18446744073709551615]'],
    ['18446744073709551616', '[18446744073709552000]'],
    ['1.0', '[1]'],
    ['{"a":', 'error: this cannot be read as JSON: expected a value at line 1, column 6'],
  ]
  test.each(rows)('%j', (json, expected) => expect(select(json, '$')).toBe(expected))
})

test('descendants come innermost first, as Alloy has them', () => {
  expect(select('[{"a":1,"b":{"a":2}},{"a":3},[{"a":4}]]', '$..a')).toBe('[2,1,3,4]')
  expect(select('[1,[2,[3,4],5],6]', '$..[0]')).toBe('[3,2,1]')
})

describe('limits', () => {
  const large = `[${'{"a":[1,2,{"a":3}]},'.repeat(100_000)}1]`

  test('a path that looks at too many values', () => {
    expect(select(large, '$..*..*..*..*')).toBe('error: the path looks at too many values')
  })

  test('a path that finds too many', () => {
    expect(select(large, `$[${Array(11).fill('*').join()}]`)).toBe(
      'error: the result has more than 1000000 items',
    )
  })

  test('patterns take linear time', () => {
    const json = JSON.stringify([`${'a'.repeat(50_000)}b`])
    expect(select(json, '$[?@ =~ /^(a+)+$/]')).toBe('[]')
  })
})
