/** Scenarios of modules, imports, templates and reloads: what the peer arrives at, we arrive at. */
import { describe, expect, onTestFinished, test } from 'vitest'
import { attributes, type Definition, defineExtension } from '#sdk'
import { corpus } from '../support/corpus.js'
import { fakeGit } from '../support/fake-git.js'
import { moduleAgent } from '../support/module-agent.js'
import { Arrivals, testComponents } from '../support/test-components.js'

interface Case {
  readonly id: string
  readonly files?: readonly { readonly name: string; readonly content: string }[]
  readonly config?: string
  readonly expected?: number
  readonly expectedError?: string
  readonly args?: Readonly<Record<string, string>>
  readonly argumentModuleContent?: string
  readonly exportModuleContent?: string
  readonly expectedErrorContains?: string
  readonly expectedExports?: readonly string[]
}

const community = defineExtension({
  name: 'testcomponents.community',
  stability: 'generally-available',
  about: 'For the test.',
  schema: attributes({}),
  exports: {},
  create: () => ({ stop: async () => {} }),
})

const PASS = `
declare "pass" {
  argument "input" { }
  testcomponents.passthrough "pt" { input = argument.input.value }
  export "output" { value = testcomponents.passthrough.pt.output }
}`

/** Long enough for everything that counts to 10. */
const COUNTED_MS = 1000
/** Beyond the interval at which imports are read again. */
const POLLED_MS = 61_000

/** The corpus tells what the repositories of its scenarios are for, and has none of them. */
const REPOSITORIES = {
  'repo.git': {
    'nested.alloy': `
import.git "testImport" {
  repository = "./testdata/repo2.git"
  path       = "pass.alloy"
}
declare "a" {
  argument "input" { }
  testImport.pass "cc" { input = argument.input.value }
  export "output" { value = testImport.pass.cc.output }
}`,
    'module_import_file.alloy': `
import.file "inner" { filename = "deeper/pass.alloy" }
declare "a" {
  argument "input" { }
  inner.pass "cc" { input = argument.input.value }
  export "output" { value = inner.pass.cc.output }
}`,
    'deeper/pass.alloy': PASS,
  },
  'repo2.git': { 'pass.alloy': PASS },
}

async function agentOf(more: readonly Definition[] = [], stability?: 'public-preview') {
  const arrivals = new Arrivals()
  const definitions = [...testComponents(arrivals), ...more]
  const git = (put: (path: string, text: string) => void) => fakeGit(REPOSITORIES, put)
  const all = moduleAgent(definitions, stability, undefined, git)
  onTestFinished(async () => {
    await all.agent.shutdown()
  })
  const { world, agent, clock } = all
  return {
    ...all,
    arrivals,
    put: (name: string, text: string | undefined) => world.change(`/w/${name}`, text),
    load: async () => {
      const receipt = await agent.load('http')
      await clock.tick(COUNTED_MS)
      return receipt
    },
    lastAdded: () => all.find('testcomponents.summation.sum')?.published['last_added'],
    sum: () => arrivals.sums.get('testcomponents.summation_receiver.sum'),
  }
}

const FOLDER = 'import_file_folder/'

const cases = corpus<{ cases: readonly Case[] }>('syntax/modules.json')?.cases ?? []
/** Without cases there is nothing in any. */
const suite = describe.skipIf(cases.length === 0)
const named = (start: string) => cases.filter(({ id }) => id.startsWith(start))

suite('imports', () => {
  for (const { id, files = [] } of named('import_')) {
    if (id.startsWith('import_error')) continue
    test(id, async () => {
      const { put, load, lastAdded, clock } = await agentOf()
      const inFolder = id.startsWith(FOLDER)
      const isSwap = !id.startsWith('import_git') && /_[45]$/.test(id)
      const place = (name: string) => (inFolder && name !== 'main.alloy' ? `tmpTest/${name}` : name)
      for (const { name, content } of files) {
        const isLater = name.startsWith('update/') || (inFolder && name === 'added.alloy')
        if (!isLater) put(place(name), content)
      }
      const { ok, diagnostics } = await load()
      expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
      expect(ok).toBe(true)
      expect(lastAdded()).toBe(10)
      for (const { name, content } of files) {
        if (name.startsWith('update/')) put(place(name.slice('update/'.length)), content)
        if (inFolder && name === 'added.alloy') put(place(name), content)
        if (inFolder && name === 'removed.alloy') put(place(name), undefined)
      }
      if (!isSwap && !files.some(({ name }) => name.startsWith('update/'))) return
      await clock.tick(POLLED_MS)
      expect(lastAdded()).toBe(-10)
    })
  }
})

suite('foreach', () => {
  for (const { id, files = [] } of named('foreach')) {
    test(id, async () => {
      const { put, load, sum, arrivals, clock } = await agentOf()
      for (const { name, content } of files) put(name, content)
      expect(await load()).toMatchObject({ ok: true })
      const shown = files.find(({ name }) => name === 'expected_debug_info.txt')
      if (shown) {
        expect(arrivals.texts.get('testcomponents.string_receiver.log')).toEqual([
          shown.content.trim(),
        ])
        return
      }
      // Here templates are nested, or items are 4 each: 12 pulses in all.
      expect(sum()).toBe(/_(6|12)$/.test(id) ? 12 : 10)
      const later = files.find(({ name }) => /^(update|reload)/.test(name))
      if (!later) return
      const isReload = later.name.startsWith('reload')
      put(isReload ? 'main.alloy' : later.name.slice('update/'.length), later.content)
      if (isReload) await load()
      else await clock.tick(POLLED_MS)
      expect(sum()).toBe(30)
    })
  }
})

suite('declare', () => {
  for (const { id, config, expected, expectedError } of named('TestDeclare')) {
    test(id, async () => {
      const { put, load, lastAdded } = await agentOf([community])
      put('main.alloy', config!)
      const { ok } = await load()
      expect(ok).toBe(expectedError === undefined)
      if (ok) expect(lastAdded()).toBe(expected)
    })
  }
})

suite('what is refused', () => {
  for (const { id, files = [] } of named('import_error')) {
    test(id, async () => {
      const { put, load } = await agentOf([], 'public-preview')
      for (const { name, content } of files) put(name, content)
      expect((await load()).ok).toBe(false)
    })
  }
})

suite('modules', () => {
  for (const one of named('TestModule')) {
    test(one.id, async () => {
      const { put, load, agent } = await agentOf()
      const { args = {}, argumentModuleContent = '', exportModuleContent = '' } = one
      const given = Object.entries(args).map(([name, text]) => `${name} = ${JSON.stringify(text)}`)
      const used = (one.expectedExports ?? []).map((name) => `${name} = m.x.${name}`)
      put(
        'main.alloy',
        `declare "m" {\n${argumentModuleContent}\n${exportModuleContent}\n}\n` +
          `m "x" {\n${given.join('\n')}\n}\n` +
          `declare "used" {\n${(one.expectedExports ?? []).map((name) => `argument "${name}" {}`).join('\n')}\n}\n` +
          `used "x" {\n${used.join('\n')}\n}\n`,
      )
      await load()
      const errors = agent.history
        .at(-1)!
        .diagnostics.filter(({ severity }) => severity === 'error')
      expect(errors.length > 0).toBe(one.expectedErrorContains !== undefined)
    })
  }
})
