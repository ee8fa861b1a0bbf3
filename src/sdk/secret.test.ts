import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { OptionalSecret, Secret } from './secret.js'

const views: readonly (readonly [string, (value: unknown) => string])[] = [
  ['String()', String],
  ['a template', (value) => `${value}`],
  ['JSON', (value) => JSON.stringify({ value })],
  ['inspect', (value) => inspect({ value }, { showHidden: true, depth: 5 })],
  ['its own keys', (value) => Object.values(value as object).join()],
]

for (const [name, view] of views) {
  test(`${name} shows no secret`, () => {
    expect(view(new Secret('hunter2'))).not.toContain('hunter2')
    expect(view(new OptionalSecret('hunter2', true))).not.toContain('hunter2')
  })
}

test('an optional secret that is none shows its text', () => {
  expect(`${new OptionalSecret('plain', false)}`).toBe('plain')
  expect(JSON.stringify(new OptionalSecret('plain', false))).toBe('"plain"')
})

test('code that needs the text gets it', () => {
  expect(new Secret('hunter2').reveal()).toBe('hunter2')
  expect(new OptionalSecret('hunter2', true).text).toBe('hunter2')
})

test('secrets compare by text', () => {
  expect(new Secret('a').equals(new Secret('a'))).toBe(true)
  expect(new Secret('a').equals(new Secret('b'))).toBe(false)
  expect(new Secret('a').equals(new Secret('ab'))).toBe(false)
})
