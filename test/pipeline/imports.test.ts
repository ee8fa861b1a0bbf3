/** What an import does to a running pipeline: nothing, unless it brings something better. */
import { expect, onTestFinished, test } from 'vitest'
import { FakeDisk } from '#support'
import { moduleAgent } from '../support/module-agent.js'
import { Arrivals, testComponents } from '../support/test-components.js'

const MAIN = `
import.file "lib" {
  filename = "lib.alloy"
}

lib.pulses "a" {
  to = testcomponents.summation_receiver.sum.receiver
}

testcomponents.pulse "other" {
  max        = 1000000
  frequency  = "50ms"
  forward_to = [testcomponents.summation_receiver.other.receiver]
}

testcomponents.summation_receiver "sum" { }

testcomponents.summation_receiver "other" { }
`

const lib = (frequency: string) => `
declare "pulses" {
  argument "to" {
    type = "LogsReceiver"
  }

  testcomponents.pulse "p" {
    max        = 1000000
    frequency  = "${frequency}"
    forward_to = [argument.to.value]
  }
}
`

const INSTANCE = 'lib.pulses.a/testcomponents.pulse.p'

function agentOf(disk = new FakeDisk()) {
  const arrivals = new Arrivals()
  const all = moduleAgent(testComponents(arrivals), 'experimental', disk)
  const { world, clock, agent, find } = all
  onTestFinished(async () => {
    await agent.shutdown()
  })
  world.change('/w/main.alloy', MAIN)
  const sum = (name: string) => arrivals.sums.get(`testcomponents.summation_receiver.${name}`) ?? 0
  return {
    ...all,
    disk,
    put: async (text: string | undefined) => {
      world.change('/w/lib.alloy', text)
      await clock.tick(500)
    },
    health: () => find('import.file.lib').health(),
    /** What arrives within a second, by way of the module and beside it. */
    flow: async () => {
      const before = [sum('sum'), sum('other')]
      await clock.tick(1000)
      return [sum('sum') - before[0]!, sum('other') - before[1]!]
    },
    last: () => agent.history.at(-1)!,
    /** Of the last load, without what was kept. */
    steps: () =>
      agent.history
        .at(-1)!
        .steps.filter(({ action }) => action !== 'keep')
        .map(({ id, action }) => `${action} ${id}`),
  }
}

test('an import that breaks, vanishes and comes back never stops the pipeline', async () => {
  const { put, agent, health, flow, last, steps, find } = agentOf()
  await put(lib('100ms'))
  expect((await agent.load('start')).ok).toBe(true)
  expect(await flow()).toEqual([10, 20])
  expect(health()).toMatchObject({ state: 'healthy' })
  const instance = find(INSTANCE)

  await put('declare "pulses" {')
  expect(last()).toMatchObject({ ok: false, trigger: 'import' })
  expect(last().diagnostics[0]).toMatchObject({
    code: 'unclosed',
    at: { source: { name: '/w/lib.alloy' } },
    notes: expect.arrayContaining([
      expect.objectContaining({ message: 'imported by import.file.lib' }),
    ]),
  })
  expect(health()).toMatchObject({
    state: 'unhealthy',
    message: expect.stringContaining('/w/lib.alloy:1:'),
  })
  expect(await flow()).toEqual([10, 20])

  await put(undefined)
  expect(health().message).toContain('cannot read /w/lib.alloy: no such file')
  expect(await flow()).toEqual([10, 20])
  // What is loaded meanwhile goes by what was good.
  expect(await agent.load('http')).toMatchObject({ ok: true })
  expect(last().diagnostics.map(({ code }) => code)).toEqual(['import-stale'])
  expect(steps()).toEqual([])
  expect(find(INSTANCE)).toBe(instance)
  expect(await flow()).toEqual([10, 20])

  await put(lib('200ms'))
  expect(last()).toMatchObject({ ok: true, trigger: 'import' })
  expect(steps()).toEqual([`replace ${INSTANCE}`])
  expect(health()).toMatchObject({ state: 'healthy' })
  expect(await flow()).toEqual([5, 20])
})

test('a start goes by what was imported last while the source is away', async () => {
  const first = agentOf()
  await first.put(lib('100ms'))
  await first.agent.load('start')
  await first.agent.shutdown()

  const second = agentOf(first.disk)
  expect(await second.agent.load('start')).toMatchObject({ ok: true })
  expect(second.last().diagnostics.map(({ code }) => code)).toEqual(['import-stale'])
  expect(await second.flow()).toEqual([10, 20])
  await second.put(lib('200ms'))
  expect(await second.flow()).toEqual([5, 20])

  const third = agentOf()
  expect(await third.agent.load('start')).toMatchObject({ ok: false })
  expect(third.last().diagnostics.map(({ code }) => code)).toEqual(['import-failed'])
})

test('what a pinned import brings besides is not taken', async () => {
  const { put, agent, world, health, flow, last } = agentOf()
  const { createHash } = await import('node:crypto')
  const checksum = createHash('sha256').update(lib('100ms')).digest('hex')
  const pinned = MAIN.replace('"lib.alloy"', `"lib.alloy"\n  checksum = "sha256:${checksum}"`)
  world.change('/w/main.alloy', pinned)
  await put(lib('100ms'))
  expect(await agent.load('start')).toMatchObject({ ok: true })
  await put(lib('200ms'))
  expect(agent.history).toHaveLength(1)
  expect(health().message).toContain('its checksum is sha256:')
  expect(await agent.load('http')).toMatchObject({ ok: true })
  expect(last().diagnostics.map(({ code }) => code)).toEqual(['import-stale'])
  expect(await flow()).toEqual([10, 20])
})

test('a changed argument of one instance touches only what depends on it', async () => {
  const { put, agent, world, steps, find } = agentOf()
  await put(lib('100ms'))
  await agent.load('start')
  const kept = find(INSTANCE)
  const second = `lib.pulses "b" {\n to = testcomponents.summation_receiver.other.receiver\n}\n`
  world.change('/w/main.alloy', `${MAIN}${second}`)
  await agent.load('http')
  expect(steps()).toEqual(['create lib.pulses.b/testcomponents.pulse.p'])
  world.change('/w/main.alloy', `${MAIN}${second.replace('other', 'sum')}`)
  await agent.load('http')
  expect(steps()).toEqual(['replace lib.pulses.b/testcomponents.pulse.p'])
  expect(find(INSTANCE)).toBe(kept)
})

test('modules may be the content that a component exports, and follow it', async () => {
  const { agent, world, clock, ids, find } = agentOf()
  const text = (value: string) =>
    `declare \\"m\\" {\\n testcomponents.passthrough \\"p\\" { input = \\"${value}\\" }\\n}`
  const config = (value: string) => `
testcomponents.passthrough "text" {
  input = "${text(value)}"
}

import.string "lib" {
  content = testcomponents.passthrough.text.output
}

lib.m "a" { }
`
  world.change('/w/main.alloy', config('one'))
  expect(await agent.load('start')).toMatchObject({ ok: true })
  await clock.tick(10)
  expect(ids()).toContain('lib.m.a/testcomponents.passthrough.p')
  world.change('/w/main.alloy', config('two'))
  expect(await agent.load('http')).toMatchObject({ ok: true })
  await clock.tick(10)
  expect(find('lib.m.a/testcomponents.passthrough.p').published['output']).toBe('two')
})
