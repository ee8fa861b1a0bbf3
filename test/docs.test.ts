/** What the documentation says is what the code does. */
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
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
