/** What the documentation says is what the code does. */
import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { AttributeField, Schema } from '#sdk'
import { allComponents } from '#support'
import { renewReadme } from './support/component-readme.js'

const components = await allComponents()

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..')

describe('component READMEs hold the tables of their schema and their example (npm run fix)', () => {
  for (const definition of components) {
    test(definition.name, () => {
      const { is, should } = renewReadme(ROOT, definition)
      expect(is).toBe(should)
      expect(is).toContain('<!-- arguments -->')
      expect(is).toContain('```river')
    })
  }
})

/** Attributes of a schema and of the blocks in it that have a default. */
function withDefaults(schema: Schema): readonly (readonly [string, AttributeField])[] {
  return Object.entries(schema.fields).flatMap(([name, field]) => {
    if (field.form === 'block') return withDefaults(field.schema)
    if (field.form === 'variants') return Object.values(field.variants).flatMap(withDefaults)
    return field.form === 'attribute' && field.defaultText !== undefined ? [[name, field]] : []
  })
}

/** Whether a sentence tells a default that the schema already has. */
function tellsDefault(sentence: string, name: string, text: string): boolean {
  const plain = text.replaceAll('"', '')
  if (plain === '' || !/\bdefaults?\b/i.test(sentence)) return false
  const names = new RegExp(`\\b${name}\\b`)
  const value = new RegExp(`(?<![\\w.-])${escaped(plain)}(?![\\w.-])`)
  return names.test(sentence) && value.test(sentence)
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

describe('no default stands in two places', () => {
  test('a sentence that tells one is found', () => {
    const told = 'By default timeout is 200ms, and no longer'
    expect(tellsDefault(told, 'timeout', '"200ms"')).toBe(true)
    expect(tellsDefault(told, 'timeout', '"20ms"')).toBe(false)
    expect(tellsDefault(told, 'interval', '"200ms"')).toBe(false)
  })

  for (const { name: component, schema } of components) {
    test(component, () => {
      const folder = join(ROOT, 'components', ...component.split('.'))
      const readme = readFileSync(join(folder, 'README.md'), 'utf8')
      const prose = readme.replace(
        /<!-- arguments -->[\s\S]*?<!-- \/arguments -->|```[\s\S]*?```/g,
        '',
      )
      const sentences = prose.split(/(?<=[.!?;])\s+/)
      for (const [name, { about, defaultText }] of withDefaults(schema)) {
        expect(tellsDefault(`${name}: ${about}`, name, defaultText!), `${name}: ${about}`).toBe(
          false,
        )
        const told = sentences.filter((one) => tellsDefault(one, name, defaultText!))
        expect(told).toEqual([])
      }
    })
  }
})
