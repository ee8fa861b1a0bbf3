import { describe, expect, test } from 'vitest'
import { checkSources, Registry, sameValue, systemEnvironment } from '#config'
import { Source } from '#grammar'
import { attributes, defineExtension, relabelRules } from '#sdk'
import { RelabelRules } from './relabel-rules.js'
import { ruleBlocks } from './rule-block.js'

const stop = async () => {}

/** Exports rules, as relabelling components do. */
const giving = defineExtension({
  name: 'test.giving',
  stability: 'generally-available',
  about: 'Has rules.',
  schema: attributes({ rule: ruleBlocks() }),
  exports: { rules: { kind: 'relabel-rules' }, targets: { kind: 'targets' } },
  create: () => ({ stop }),
})

/** Takes rules, as what reads logs does. */
const taking = defineExtension({
  name: 'test.taking',
  stability: 'generally-available',
  about: 'Takes rules.',
  schema: attributes({
    relabel_rules: relabelRules<RelabelRules>({ about: 'The rules.' }),
  }),
  exports: {},
  create: () => ({ stop }),
})

function faults(value: string): readonly string[] {
  const text = `test.giving "a" { }\ntest.taking "b" {\nrelabel_rules = ${value}\n}\n`
  const { diagnostics } = checkSources([new Source('test.river', text)], {
    registry: new Registry([giving, taking]),
    stability: 'experimental',
    environment: systemEnvironment({}, 'v0'),
  })
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  return errors.map(({ message }) => message)
}

const NEEDS = '"relabel_rules" needs relabelling rules, such as discovery.relabel.default.rules'

test.each([
  ['test.giving.a.rules', []],
  ['null', []],
  ['test.giving.a.targets', [`${NEEDS}, and got a list`]],
  ['"test.giving.a.rules"', [`${NEEDS}, and got the string "test.giving.a.rules"`]],
  ['test.giving.a', [`${NEEDS}, and got an object`]],
])('%s for an attribute that takes rules', (value, messages) => {
  expect(faults(value)).toEqual(messages)
})

describe('rules of two instances', () => {
  const rule = {
    source_labels: ['a'],
    separator: ';',
    regex: 'x',
    modulus: 0,
    target_label: '',
    replacement: '$1',
    action: 'drop',
  } as const

  test('are the same argument when they are equal', () => {
    const one = { relabel_rules: new RelabelRules([rule]) }
    expect(sameValue(one, { relabel_rules: new RelabelRules([{ ...rule }]) })).toBe(true)
    expect(sameValue(one, { relabel_rules: new RelabelRules([{ ...rule, regex: 'y' }]) })).toBe(
      false,
    )
    expect(sameValue(one, { relabel_rules: undefined })).toBe(false)
  })

  test('show no more than what they are', () => {
    expect(String(new RelabelRules([rule]))).toBe('relabelling rules')
  })
})
