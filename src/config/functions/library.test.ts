import { describe, expect, test } from 'vitest'
import { STABILITIES } from '#sdk'
import { evaluateText } from '../evaluate.js'
import { usageOf } from './definition.js'
import { functions, libraryRoots } from './index.js'

const environment = { env: () => undefined, constants: new Map() }

/** One of each type, to be refused where it does not fit. */
const SAMPLES = { string: '"a"', number: '1', bool: 'true', list: '["a"]', object: '{}' }

/** What each type of parameter takes of the samples. */
const TAKES: Readonly<Record<string, readonly string[]>> = {
  any: Object.keys(SAMPLES),
  string: ['string', 'number'],
  'string or secret': ['string'],
  bool: ['bool'],
  object: ['object'],
  list: ['list'],
  'list of strings': ['list'],
  'list of objects': [],
  'list or object': ['list', 'object'],
  'RE2 pattern': ['string'],
}

/** Parameters that convert nothing. */
const STRICT = ['array.group_by key']

function messageOf(text: string): string | undefined {
  return evaluateText(text, environment).diagnostics[0]?.message
}

test('all names of the language reference are there', () => {
  expect([...functions.keys()].sort()).toEqual([
    ...['array.combine_maps', 'array.concat', 'array.contains', 'array.group_by', 'array.keys'],
    ...['array.length', 'array.merge', 'array.values', 'base64_decode', 'coalesce'],
    ...['concat', 'convert.nonsensitive', 'encoding.from_URLbase64', 'encoding.from_base64'],
    ...['encoding.from_json', 'encoding.from_yaml', 'encoding.to_URLbase64'],
    ...['encoding.to_base64', 'encoding.to_json', 'encoding.url_decode', 'encoding.url_encode'],
    ...[
      'env',
      'file.path_join',
      'format',
      'if',
      'join',
      'json_decode',
      'json_path',
      'nonsensitive',
    ],
    ...['replace', 'split', 'string.format', 'string.join', 'string.matches'],
    ...['string.replace', 'string.split'],
    ...['string.to_lower', 'string.to_upper', 'string.trim', 'string.trim_prefix'],
    ...['string.trim_space', 'string.trim_suffix', 'sys.env', 'to_lower', 'to_upper', 'trim'],
    ...['trim_prefix', 'trim_space', 'trim_suffix', 'yaml_decode'],
  ])
  expect(libraryRoots).toContain('constants')
})

for (const [name, definition] of functions) {
  const { parameters } = definition
  const required = parameters.filter(({ presence }) => presence === 'required').length
  const takesMore = parameters.some(({ presence }) => presence === 'rest')

  describe(name, () => {
    test('is described', () => {
      for (const about of [definition.about, ...parameters.map((one) => one.about)]) {
        expect(about).toMatch(/^[A-Z][^\n]*\.$/)
      }
      expect(definition.name).toBe(name)
      expect(STABILITIES).toContain(definition.stability)
      expect(new Set(parameters.map((one) => one.name)).size).toBe(parameters.length)
    })

    test('is an alias exactly when it belongs to no family and has a successor', () => {
      if (definition.aliasOf === undefined)
        return expect(name).toMatch(/\.|^(coalesce|if|json_path)$/)
      const successor = functions.get(definition.aliasOf)
      expect({ ...successor, name, aliasOf: definition.aliasOf }).toEqual(definition)
    })

    test('counts its arguments', () => {
      const call = (count: number) => `${name}(${Array(count).fill('null').join(', ')})`
      const refused = /takes .* arguments?, and got \d+$/
      if (required > 0) expect(messageOf(call(required - 1))).toMatch(refused)
      expect(messageOf(call(required)) ?? '').not.toMatch(refused)
      const more = messageOf(call(parameters.length + 1)) ?? ''
      if (takesMore) expect(more).not.toMatch(refused)
      else expect(more).toMatch(refused)
    })

    for (const [index, parameter] of parameters.entries()) {
      test(`refuses what is no ${parameter.type} for ${parameter.name}`, () => {
        const takes = STRICT.includes(`${name} ${parameter.name}`)
          ? ['string']
          : TAKES[parameter.type]!
        for (const [kind, sample] of Object.entries(SAMPLES)) {
          const values = parameters.slice(0, index).map((one) => goodFor(one.type))
          const text = `${name}(${[...values, sample, ...restOf(index)].join(', ')})`
          const refusal = `"${parameter.name}`
          if (takes.includes(kind)) expect(messageOf(text) ?? '').not.toContain(refusal)
          else expect(messageOf(text)).toContain(refusal)
        }
      })
    }

    function restOf(index: number): readonly string[] {
      return parameters
        .slice(index + 1)
        .filter(({ presence }) => presence === 'required')
        .map((one) => goodFor(one.type))
    }
  })
}

function goodFor(type: string): string {
  const good = { bool: 'true', object: '{}', list: '[]', 'list of strings': '["a"]' }
  return { ...good, 'list of objects': '[]' }[type] ?? '"a"'
}

test('usages read as calls', () => {
  expect(usageOf(functions.get('array.combine_maps')!)).toBe(
    'array.combine_maps(left, right, keys[, passthrough])',
  )
  expect(usageOf(functions.get('coalesce')!)).toBe('coalesce(...values)')
})

test('functions that Alloy does not have are marked', () => {
  const own = [...functions].filter(([, { inAlloy }]) => !inAlloy).map(([name]) => name)
  expect(own.sort()).toEqual([
    ...['array.contains', 'array.keys', 'array.length', 'array.merge', 'array.values'],
    ...['if', 'string.matches'],
  ])
})

test('experimental functions are marked', () => {
  const experimental = [...functions].filter(([, { stability }]) => stability === 'experimental')
  expect(experimental.map(([name]) => name)).toEqual(['array.combine_maps', 'array.group_by'])
})
