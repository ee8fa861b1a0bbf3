/**
 * Promises of src/sdk/component.ts about create, start, activate and stop, kept by every component.
 */
import { beforeAll, describe, expect, test } from 'vitest'
import { type Definition, deferred, Ledger } from '#sdk'
import { settle } from '#support'
import { Instance, type InstanceEvents } from '../../src/graph/instance.js'
import { ResourcePool } from '../../src/graph/resource-pool.js'
import { definitions, type Powered, subjectOf } from './subject.js'
import { exampleFiles, expectNothingOpen, NOTHING, World } from './world.js'

const never = () => new AbortController().signal
const SILENT: InstanceEvents = { published() {}, failed() {} }

let files: ReadonlyMap<string, string>
beforeAll(async () => {
  files = await exampleFiles()
})

/** A component alone, with its leases in a pool of its own. */
function bare(definition: Definition) {
  const world = new World(files)
  const pool = new ResourcePool()
  const holder = { id: 'test.component.a', leaving: false }
  const { values } = subjectOf(definition)
  const context = world.context((key, open) => pool.lease(key, holder, open))
  const next = {
    consume: () => Promise.resolve(),
    reserve: () => Promise.resolve({ release() {} }),
    refusal: () => undefined,
    gathers: () => false,
    deliver: () => Promise.resolve(),
    signals: new Set(['traces', 'metrics', 'logs'] as const),
  }
  const component: Powered = definition.create(context, values as never, next)
  /** What whoever made it does after its stop. */
  const release = () => pool.release(holder)
  return { world, component, release }
}

const MEMBER_OF = {
  'client-auth': ['authenticate', expect.any(Function)],
  'server-auth': ['check', expect.any(Function)],
  storage: ['folder', expect.stringMatching(/^\//)],
} as const

type Step = (component: Powered) => unknown
const start: Step = (component) => component.start?.()
const activate: Step = (component) => component.activate?.()
const stop: Step = (component) => component.stop(never())
const giveUp: Step = (component) => component.stop(AbortSignal.abort())
const stopTwiceAtOnce: Step = (component) =>
  Promise.all([component.stop(never()), component.stop(never())])

const LIVES: readonly (readonly [string, readonly Step[]])[] = [
  ['start, stop', [start, stop]],
  ['start, activate, stop', [start, activate, stop]],
  ['stop without start', [stop]],
  ['stop twice', [start, activate, stop, stop]],
  ['stop twice without start', [stop, stop]],
  ['stop twice at once', [start, activate, stopTwiceAtOnce]],
  ['given up at once', [start, activate, giveUp]],
  ['given up without start', [giveUp]],
]

for (const definition of definitions) {
  describe(definition.name, () => {
    test('create has no side effects', () => {
      const { world } = bare(definition)
      expect(world.calls).toEqual([])
      expect(world.leftOpen).toEqual(NOTHING)
    })

    for (const [name, steps] of LIVES) {
      test(`leaves nothing open: ${name}`, async () => {
        const { world, component, release } = bare(definition)
        for (const step of steps) await step(component)
        await release()
        await expectNothingOpen(world)
        expect(world.fake.failures).toEqual([])
      })
    }

    test('a start that fails at any point leaves nothing open after stop', async () => {
      const first = bare(definition)
      await start(first.component)
      const calls = first.world.calls.length
      await stop(first.component)
      await first.release()
      for (let n = 0; n < calls; n++) {
        const { world, component, release } = bare(definition)
        world.failCall(n)
        await Promise.resolve(start(component)).catch(() => {})
        await stop(component)
        await release()
        await expectNothingOpen(world)
      }
    })

    test('activate neither waits nor fails', async () => {
      const { component, release } = bare(definition)
      await start(component)
      expect(activate(component)).toBeUndefined()
      await stop(component)
      await release()
    })

    test('start publishes what the definition names, and nothing else is published', async () => {
      const { world, component, release } = bare(definition)
      await start(component)
      const named = Object.entries(definition.exports).filter(([, { kind }]) => kind !== 'consumer')
      expect(Object.keys(world.fake.published)).toEqual(named.map(([name]) => name))
      for (const [name, shape] of named) {
        const value = world.fake.published[name]
        if (shape.kind !== 'handler') continue
        for (const power of shape.powers) {
          const [member, kind] = MEMBER_OF[power]
          expect(value, power).toHaveProperty(member, kind)
        }
      }
      await stop(component)
      await release()
    })

    test('health is told at every point of its life', async () => {
      const { world, component, release } = bare(definition)
      const told = () => {
        const health = component.health?.()
        if (!health) return
        expect(['healthy', 'degraded', 'unhealthy']).toContain(health.state)
        expect(health.message).toMatch(/^\S.*\S$/)
        expect(health.since).toBeLessThanOrEqual(world.clock.now())
      }
      for (const step of [start, activate, stop]) {
        told()
        await step(component)
      }
      told()
      await release()
    })

    test('an instance that is stopped while it starts leaves nothing open', async () => {
      const world = new World(files)
      const pool = new ResourcePool()
      const { values } = subjectOf(definition)
      const services = world.services()
      const gate = deferred()
      const { files: realFiles, network } = services
      const held = { ...services, files: { ...realFiles }, network: { ...network } }
      held.files.read = (path) => gate.promise.then(() => services.files.read(path))
      held.network.listen = (...given) => gate.promise.then(() => services.network.listen(...given))
      const node = { id: `${definition.name}.a`, definition }
      const instance = new Instance(node, values, new Ledger(), pool, held, SILENT)
      const started = instance.start().catch(() => {})
      const stopped = instance.stop(never())
      await settle()
      gate.resolve()
      await Promise.all([started, stopped])
      expect(pool.keysOf(node.id)).toEqual([])
      await expectNothingOpen(world)
    })
  })
}
