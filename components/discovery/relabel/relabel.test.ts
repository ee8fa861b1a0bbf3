import { expect, test } from 'vitest'
import type { RelabelRules } from '#relabel'
import type { Target } from '#sdk'
import { argumentsOf, checkBody, corpus, fakeContext } from '#support'
import definition from './relabel.js'

async function published(body: string) {
  const context = fakeContext()
  const component = definition.create(context, argumentsOf(definition, body) as never, {} as never)
  await component.start?.()
  await component.stop(AbortSignal.abort())
  const { output, rules } = context.published
  return { output: output as readonly Target[], rules: rules as RelabelRules }
}

const plain = (targets: readonly Target[]) => targets.map((one) => Object.fromEntries(one))

test('exports the targets that are left, with their new labels', async () => {
  const { output } = await published(`
    targets = [
      { __address__ = "a:1", env = "prod", empty = "", port = 80 },
      { __address__ = "b:1", env = "test" },
    ]
    rule {
      source_labels = ["env"]
      regex         = "prod"
      action        = "keep"
    }
    rule {
      source_labels = ["__address__", "port"]
      separator     = "/"
      target_label  = "where"
    }`)
  expect(plain(output)).toEqual([{ __address__: 'a:1', env: 'prod', port: '80', where: 'a:1/80' }])
})

test('without rules exports the targets', async () => {
  const { output, rules } = await published('targets = [{ b = "1", a = "2" }, { }]')
  expect(plain(output)).toEqual([{ a: '2', b: '1' }, {}])
  expect(rules.rules).toEqual([])
})

test('equal rules are the same, whatever the targets are', async () => {
  const rule = (regex: string) => `rule {\nregex = "${regex}"\naction = "labeldrop"\n}`
  const one = await published(`targets = []\n${rule('a')}`)
  const same = await published(`targets = [{ x = "y" }]\n${rule('a')}`)
  const other = await published(`targets = []\n${rule('b')}`)
  expect(one.rules.same(same.rules)).toBe(true)
  expect(one.rules.same(other.rules)).toBe(false)
})

test('what is no text is no label', () => {
  const { diagnostics } = checkBody(definition, 'targets = [{ a = test.auth.all.handler }]')
  expect(diagnostics.map(({ message }) => message)).toEqual([
    '"targets[0].a" needs a string, and got the handler of test.auth.all',
  ])
})

interface Case {
  readonly id: string
  readonly input: Readonly<Record<string, string>>
  readonly drop: boolean
  readonly output: Readonly<Record<string, string>> | null
  readonly alloyRules: string
}

const recorded = corpus<{ cases: readonly Case[] }>('relabel/alloy.json')
test.each(recorded?.cases ?? [])('$id, as Alloy does', async (one) => {
  const labels = Object.entries(one.input).map((pair) => pair.map((text) => JSON.stringify(text)))
  const target = labels.map(([name, value]) => `${name} = ${value}`).join(', ')
  const { output } = await published(`targets = [{ ${target} }]\n${one.alloyRules}`)
  expect(plain(output)).toEqual(one.drop ? [] : [one.output])
})
