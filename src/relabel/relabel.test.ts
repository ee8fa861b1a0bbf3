import { describe, expect, test } from 'vitest'
import { labelsOf } from './labels.js'
import { compileRules, relabel } from './relabel.js'
import type { RuleValues } from './rule-block.js'

const DEFAULTS: RuleValues = {
  source_labels: undefined,
  separator: ';',
  regex: '(.*)',
  modulus: 0,
  target_label: '',
  replacement: '$1',
  action: 'replace',
}

/** "a=1 b=2"; what is dropped is "dropped". */
function relabelled(text: string, ...rules: readonly Partial<RuleValues>[]): string {
  const compiled = compileRules(rules.map((rule) => ({ ...DEFAULTS, ...rule })))
  const result = relabel(compiled, parse(text))
  return result === undefined ? 'dropped' : print(result)
}

function parse(text: string) {
  const pairs = text.split(' ').filter(Boolean)
  return labelsOf(
    pairs.map((pair) => {
      const equals = pair.indexOf('=')
      return [pair.slice(0, equals), pair.slice(equals + 1)]
    }),
  )
}

function print(labels: readonly string[]): string {
  const pairs: string[] = []
  for (let at = 0; at < labels.length; at += 2) pairs.push(`${labels[at]}=${labels[at + 1]}`)
  return pairs.join(' ')
}

const a = ['a']

type Row = readonly [
  name: string,
  input: string,
  rule: Partial<RuleValues> | readonly Partial<RuleValues>[],
  output: string,
]

const ROWS: readonly Row[] = [
  ['replace copies by default', 'a=1', { source_labels: a, target_label: 'b' }, 'a=1 b=1'],
  ['replace with nothing deletes', 'a=1 b=2', { target_label: 'b', replacement: '' }, 'a=1'],
  ['a missing source is empty', 'b=2', { source_labels: a, target_label: 'b' }, ''],
  ['replace without a match', 'a=1', { source_labels: a, regex: '2', target_label: 'b' }, 'a=1'],
  [
    'the whole value must match',
    'a=xy',
    { source_labels: a, regex: 'x|y', target_label: 'b', replacement: 'z' },
    'a=xy',
  ],
  [
    'sources are joined',
    'a=1 b=2',
    { source_labels: ['a', 'none', 'b'], separator: '-', target_label: 'c' },
    'a=1 b=2 c=1--2',
  ],
  [
    'a target by group',
    'a=x:1',
    { source_labels: a, regex: '(.*):(.*)', target_label: 'to_$1', replacement: '$2' },
    'a=x:1 to_x=1',
  ],
  [
    'a target that comes out empty is not set',
    'a=1',
    { source_labels: a, regex: '(x)?1', target_label: '$1', replacement: 'y' },
    'a=1',
  ],
  [
    'a dot matches a line end',
    'a=1\n2',
    { source_labels: a, regex: '1.2', target_label: 'b', replacement: 'c' },
    'a=1\n2 b=c',
  ],
  ['keep', 'a=1', { action: 'keep', source_labels: a, regex: '1' }, 'a=1'],
  ['keep drops others', 'a=1', { action: 'keep', source_labels: a, regex: '2' }, 'dropped'],
  ['drop', 'a=1', { action: 'drop', source_labels: a, regex: '1' }, 'dropped'],
  ['drop keeps others', 'a=1', { action: 'drop', source_labels: a, regex: '2' }, 'a=1'],
  ['drop without sources and regex', 'a=1', { action: 'drop' }, 'dropped'],
  ['keepequal', 'a=1 b=1', { action: 'keepequal', source_labels: a, target_label: 'b' }, 'a=1 b=1'],
  [
    'keepequal drops others',
    'a=1 b=2',
    { action: 'keepequal', source_labels: a, target_label: 'b' },
    'dropped',
  ],
  [
    'dropequal, both missing',
    'c=1',
    { action: 'dropequal', source_labels: a, target_label: 'b' },
    'dropped',
  ],
  [
    'dropequal keeps others',
    'a=1',
    { action: 'dropequal', source_labels: a, target_label: 'b' },
    'a=1',
  ],
  [
    'hashmod of all 64 bits',
    'a=baz',
    { action: 'hashmod', source_labels: a, target_label: 'b', modulus: 2 ** 53 - 1 },
    'a=baz b=3652048413226410',
  ],
  [
    'lowercase, a character for a character',
    'a=ÄΣİ',
    { action: 'lowercase', source_labels: a, target_label: 'b' },
    'a=ÄΣİ b=äσi',
  ],
  [
    'uppercase',
    'a=straße',
    { action: 'uppercase', source_labels: a, target_label: 'a' },
    'a=STRAßE',
  ],
  ['labeldrop', 'a=1 ab=2 b=3', { action: 'labeldrop', regex: 'a.*' }, 'b=3'],
  ['labelkeep', 'a=1 ab=2 b=3', { action: 'labelkeep', regex: 'a.*' }, 'a=1 ab=2'],
  [
    'labelmap copies what was there before',
    'a=1 b=2 c=3',
    { action: 'labelmap', regex: '(a|ab)', replacement: 'a$1' },
    'a=1 aa=1 b=2 c=3',
  ],
  [
    'labelmap onto labels that it copies from',
    'a_b=1 b=2',
    { action: 'labelmap', regex: '(?:a_)?(b)', replacement: '$1' },
    'a_b=1 b=2',
  ],
  [
    'rules see what those before them did',
    'a=1',
    [
      { source_labels: a, target_label: 'b' },
      { action: 'drop', source_labels: ['b'], regex: '1' },
    ],
    'dropped',
  ],
]

test.each(ROWS)('%s', (_, input, rule, output) => {
  expect(relabelled(input, ...[rule].flat())).toBe(output)
})

test('a value that no memory keeps is matched all the same', () => {
  const long = 'x'.repeat(1000)
  const rule = { source_labels: a, regex: '(x)x*', target_label: 'b' }
  for (const _ of [1, 2]) expect(relabelled(`a=${long}`, rule)).toBe(`a=${long} b=x`)
})

describe('names that a template makes', () => {
  const rule = { ...DEFAULTS, source_labels: a, regex: '(.*)!?', target_label: '$1' }
  const labels = ['a', 'x.y']

  test('any by default', () => {
    expect(relabel(compileRules([rule]), labels)).toEqual(['a', 'x.y', 'x.y', 'x.y'])
  })

  test('those of old Prometheus where they are asked for', () => {
    expect(relabel(compileRules([rule], 'legacy'), labels)).toBe(labels)
  })
})

describe('what nobody changes is not copied', () => {
  const rules: Readonly<Record<string, readonly Partial<RuleValues>[]>> = {
    'no rules': [],
    'a rule without a match': [{ source_labels: a, regex: 'x', target_label: 'b' }],
    'the same value again': [{ source_labels: a, target_label: 'a' }],
    'deleting what is not there': [{ target_label: 'x', replacement: '' }],
    'every label kept': [{ action: 'labelkeep' }],
    'there and back': [
      { source_labels: a, target_label: 'x' },
      { action: 'labeldrop', regex: 'x' },
    ],
  }

  test.each(Object.entries(rules))('%s', (_, list) => {
    const labels = ['a', '1', 'b', '2']
    const compiled = compileRules(list.map((rule) => ({ ...DEFAULTS, ...rule })))
    expect(relabel(compiled, labels)).toBe(labels)
  })
})
