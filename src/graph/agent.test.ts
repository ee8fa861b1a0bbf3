import { describe, expect, test } from 'vitest'
import type { Checked, Program } from '#config'
import { diagnose, Source } from '#grammar'
import { Retryable } from '#sdk'
import { fakeContext, settle } from '#support'
import { toyGraph } from '../../test/support/toy-graph.js'
import { toyProgram } from '../../test/support/toy-program.js'
import { Agent } from './agent.js'

const SOURCE = new Source('config.river', 'nonsense\n')
const FAULT = diagnose(
  'unknown-component',
  { source: SOURCE, start: 0, end: 8 },
  {
    name: 'nonsense',
    near: undefined,
  },
)

/** An agent whose config is what the test says at the moment. */
function setUp() {
  const all = toyGraph()
  const world = fakeContext()
  let config: Checked = { program: all.chain(), diagnostics: [], hash: 'first' }
  let checks = 0
  const agent = new Agent({
    graph: all.graph,
    check: async () => {
      checks++
      return config
    },
    clock: all.clock,
    log: all.logger.with({}),
    meter: all.metrics.scope(),
  })
  const metric = (name: string) =>
    new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(all.metrics.render('prometheus'))?.[1]
  return {
    ...all,
    agent,
    world,
    metric,
    good: (program: Program, hash: string) => {
      config = { program, diagnostics: [], hash }
    },
    bad: (hash: string) => {
      config = { program: undefined, diagnostics: [FAULT], hash }
    },
    checks: () => checks,
  }
}

describe('receipts', () => {
  test('say what a load did, how long it took and how the drain went', async () => {
    const { agent, good, chain, clock } = setUp()
    await agent.load('start')
    good(chain('b'), 'second')
    const receipt = await agent.load('http')
    expect(receipt).toMatchObject({ number: 2, trigger: 'http', ok: true, hash: 'second' })
    expect(receipt.steps.map(({ action }) => action)).toEqual(['replace', 'keep', 'keep'])
    await settle()
    expect(receipt.drained).toMatchObject({ instances: 1, droppedItems: 0, unbalanced: [] })
    expect(agent.history).toHaveLength(2)
    expect(receipt.at).toBe(clock.now())
  })

  test('of a refused load hold the reasons', async () => {
    const { agent, bad, lines, metric } = setUp()
    await agent.load('start')
    bad('second')
    expect(await agent.load('signal')).toMatchObject({
      ok: false,
      steps: [],
      diagnostics: [FAULT],
      drained: undefined,
    })
    expect(lines.at(-1)).toContain('config refused; what ran before runs on')
    expect(lines.at(-1)).toContain('config.river:1:1: there is no component')
    expect(metric('weir_config_last_load_successful')).toBe('0')
    expect(metric('weir_config_load_failures_total')).toBe('1')
    expect(metric('weir_config_hash')).toBe('1')
  })

  test('of what does not start hold that', async () => {
    const { agent, journal, metric } = setUp()
    journal.faults.set('start pass', () => {
      throw new Retryable('no')
    })
    expect(await agent.load('start')).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'start-failed' }],
    })
    expect(agent.ready).toBe(false)
    expect(metric('weir_config_last_load_success_timestamp_seconds')).toBe('0')
  })

  test('are kept of the last fifty loads', async () => {
    const { agent } = setUp()
    for (let n = 0; n < 52; n++) await agent.load('http')
    expect(agent.history.map(({ number }) => number)).toEqual(
      Array.from({ length: 50 }, (_, index) => index + 3),
    )
  })
})

describe('a watched file', () => {
  test('is loaded once it has been quiet, and only if its text differs', async () => {
    const { agent, world, clock, checks, good, chain } = setUp()
    await agent.load('start')
    agent.watch(world.files, '/config')
    const change = (hash: string) => {
      good(chain(hash), hash)
      world.change('/config', hash)
    }
    change('b')
    await clock.tick(150)
    change('c')
    await clock.tick(150)
    expect(checks()).toBe(1)
    await clock.tick(50)
    expect(agent.history.map(({ hash }) => hash)).toEqual(['first', 'c'])
    world.change('/config', 'c')
    await clock.tick(200)
    expect(agent.history).toHaveLength(2)
  })

  test('that was refused is not tried again until it changes', async () => {
    const { agent, world, clock, bad, good, chain } = setUp()
    await agent.load('start')
    agent.watch(world.files, '/config')
    bad('broken')
    world.change('/config', 'broken')
    await clock.tick(200)
    world.change('/config', 'broken')
    await clock.tick(200)
    expect(agent.history.map(({ ok }) => ok)).toEqual([true, false])
    good(chain(), 'first')
    world.change('/config', 'first')
    await clock.tick(200)
    expect(agent.history.map(({ ok }) => ok)).toEqual([true, false, true])
  })
})

describe('shutdown', () => {
  test('ends readiness, the watch and loads', async () => {
    const { agent, world, clock, journal } = setUp()
    await agent.load('start')
    expect(agent.ready).toBe(true)
    agent.watch(world.files, '/config')
    world.change('/config', 'x')
    await agent.shutdown()
    expect(agent.ready).toBe(false)
    await expect(agent.load('http')).rejects.toThrow('the agent is shutting down')
    journal.take()
    world.change('/config', 'y')
    await clock.tick(1000)
    expect(journal.take()).toEqual([])
    expect(clock.pending).toBe(0)
  })

  test('while the first load is under way stops what that made', async () => {
    const { agent, journal, graph, world, clock } = setUp()
    let release = () => {}
    journal.faults.set('start sink', () => new Promise((resolve) => (release = resolve)))
    const loading = agent.load('start')
    await settle()
    const stopping = agent.shutdown()
    release()
    expect(await loading).toMatchObject({ ok: true })
    expect(await stopping).toMatchObject({ instances: 3 })
    expect(agent.ready).toBe(false)
    agent.watch(world.files, '/config')
    world.change('/config', 'x')
    await clock.tick(1000)
    expect(graph.instances).toEqual([])
  })
})

test('a plan of a faulty config is its faults', async () => {
  const { agent } = setUp()
  const checked = { program: undefined, diagnostics: [FAULT], hash: '' }
  expect(await agent.plan(checked)).toEqual({ steps: [], diagnostics: [FAULT] })
  expect(await agent.plan({ program: toyProgram(), diagnostics: [], hash: '' })).toEqual({
    steps: [],
    diagnostics: [],
  })
})
