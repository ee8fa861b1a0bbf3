/** What holds for the description of every component: name, sentences, defaults, example. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { components as loaders } from '#components'
import { checkSources } from '#config'
import { parseExpression, readSource, renderDiagnostics, Source } from '#grammar'
import {
  type AttributeField,
  attributes,
  CONSUMER_CAPSULES,
  defaultsOf,
  type Field,
  integer,
  type Schema,
  type TypeShape,
} from '#sdk'
import { allComponents } from '#support'
import { componentFolder } from '../support/component-readme.js'
import { CONFIG_BLOCKS, checkOptions } from './registry.js'

const components = await allComponents()

const ROOT = resolve(import.meta.dirname, '../..')
const definitions = [...components, ...CONFIG_BLOCKS]

test('there are components to look at', () => {
  expect(components.length).toBeGreaterThan(5)
  expect(CONFIG_BLOCKS.length).toBeGreaterThan(1)
})

test('each is loaded by its name', () => {
  expect(Object.keys(loaders)).toEqual(components.map(({ name }) => name))
})

test('each folder under components/ with a component in it is registered, and no other name', () => {
  const named = components.map((definition) => componentFolder(ROOT, definition)).sort()
  expect(foldersWith('example.river', join(ROOT, 'components'))).toEqual(named)
})

for (const definition of definitions) {
  describe(definition.name, () => {
    test('says what it is for in one sentence', () => {
      expect(faultOfSentence(definition.about)).toBeUndefined()
    })

    test('says what each field is for in one sentence, without its default', () => {
      const faults = fieldsOf(definition.schema).flatMap(([path, field]) => {
        const fault = faultOfSentence(field.about)
        const repeats = hasDefault(field) && /default/i.test(field.about)
        return [fault, repeats && 'repeats its default'].flatMap((one) =>
          one ? [`${path}: ${one}: ${field.about}`] : [],
        )
      })
      expect(faults).toEqual([])
    })

    test('has defaults that its own types and limits allow', () => {
      const faults = fieldsOf(definition.schema).flatMap(([path, field]) =>
        field.form === 'attribute' ? faultsOfDefault(path, field) : [],
      )
      expect(faults).toEqual([])
    })

    test('has blocks whose defaults fit together', () => {
      const faults = fieldsOf(definition.schema).flatMap(([path, field]) => {
        if (field.form !== 'block' || field.absent !== 'defaults') return []
        const problems = field.schema.check?.(defaultsOf(field.schema) as never) ?? []
        return problems.map(({ message }) => `${path}: ${message}`)
      })
      expect(faults).toEqual([])
    })

    test('exports a consumer when it takes data, and only then, under its usual name', () => {
      const takes = definition.kind === 'processor' || definition.kind === 'exporter'
      const consumers = Object.entries(definition.exports).flatMap(([name, shape]) =>
        shape.kind === 'consumer' ? [[name, shape.capsule] as const] : [],
      )
      expect(consumers).toHaveLength(takes ? 1 : 0)
      for (const [name, capsule] of consumers) {
        expect(name).toBe(CONSUMER_CAPSULES[capsule].exported)
      }
    })
  })
}

for (const definition of components) {
  const folder = componentFolder(ROOT, definition)
  const path = join(folder, 'example.river')

  describe(`the example of ${definition.name}`, () => {
    test('passes check without a warning', () => {
      expect(existsSync(path)).toBe(true)
      const source = readSource('example.river', readFileSync(path))
      const { diagnostics } = checkSources([source], checkOptions('generally-available'))
      // It may show one block alone.
      const told = diagnostics.filter(({ code }) => code !== 'unused-component')
      expect(renderDiagnostics(told, { color: false })).toBe('')
    })

    test('uses the component', () => {
      expect(readFileSync(path, 'utf8')).toMatch(new RegExp(`^${definition.name} "\\w+" \\{`, 'm'))
    })
  })
}

test('a sentence is capital, one, and ends with a full stop', () => {
  expect(faultOfSentence('The user.')).toBeUndefined()
  expect(faultOfSentence('"http://" before it means plain text; see RFC 9110.')).toBeUndefined()
  expect(faultOfSentence('')).toBe('is empty')
  expect(faultOfSentence('The user')).toBe('has no full stop')
  expect(faultOfSentence('The user. Or not.')).toBe('is more than one sentence')
})

test('a default outside its limits is found', () => {
  const { fields } = attributes({ n: integer({ default: 11, max: 10, about: 'A number.' }) })
  expect(faultsOfDefault('n', fields.n)).toEqual([
    'n = 11: "n" needs a whole number, at most 10, and got the number 11',
  ])
})

function faultOfSentence(text: string): string | undefined {
  if (text === '') return 'is empty'
  if (!text.endsWith('.')) return 'has no full stop'
  if (/[.!?] +["'A-Z]/.test(text)) return 'is more than one sentence'
  if (text !== text.trim() || /\s{2}|\n/.test(text)) return 'has odd spaces'
  return undefined
}

function hasDefault(field: Field): boolean {
  return field.form === 'attribute' && field.default !== undefined
}

/** Every field of a body and its blocks, with its path. */
function fieldsOf(schema: Schema, path = ''): readonly (readonly [string, Field])[] {
  return Object.entries(schema.fields).flatMap(([name, field]) => {
    const own = [`${path}${name}`, field] as const
    if (field.form === 'block') return [own, ...fieldsOf(field.schema, `${path}${name}.`)]
    if (field.form !== 'variants') return [own]
    const inner = Object.entries(field.variants).flatMap(([kind, variant]) =>
      fieldsOf(variant, `${path}${name}.${kind}.`),
    )
    return [own, ...inner]
  })
}

/** Writes the default as an attribute of a component and lets check decide. */
function faultsOfDefault(path: string, field: AttributeField): readonly string[] {
  const { defaultText, type } = field
  if (defaultText === undefined || holdsConsumers(type)) return []
  const name = path.slice(path.lastIndexOf('.') + 1)
  const definition = { ...CONFIG_BLOCKS[0]!, name: 'probe', schema: attributes({ [name]: field }) }
  const source = new Source('probe.river', `probe {\n${name} = ${defaultText}\n}`)
  if (!parseExpression(new Source('', defaultText)).expression) return [`${path}: ${defaultText}`]
  const { diagnostics } = checkSources([source], checkOptions('experimental', [definition]))
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ message }) => `${path} = ${defaultText}: ${message}`)
}

function holdsConsumers(shape: TypeShape): boolean {
  return shape.kind === 'list' && shape.item.kind === 'consumer'
}

function foldersWith(name: string, folder: string): readonly string[] {
  const inner = readdirSync(folder)
    .map((one) => join(folder, one))
    .filter((one) => statSync(one).isDirectory())
    .flatMap((one) => foldersWith(name, one))
  return existsSync(join(folder, name)) ? [folder, ...inner] : inner
}
