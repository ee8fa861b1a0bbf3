/**
 * Every metric of the agent by name: dashboards and alerts are written against them. What is new or
 * gone is written into the file with UPDATE=1, and told in the changelog.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Agent, Graph } from '#graph'
import type { Definition } from '#sdk'
import { observeBudget, observeProcess } from '#telemetry'
import { Instance } from '../../src/graph/instance.js'
import { ResourcePool } from '../../src/graph/resource-pool.js'
import { Ledger } from '../../src/sdk/ledger.js'
import { definitions, subjectOf } from '../contract/subject.js'
import { exampleFiles, World } from '../contract/world.js'

const FILE = join(import.meta.dirname, 'metric-names.txt')

test('metrics have the names that dashboards know', async () => {
  const lines = [...(await ofAgent()), '']
  for (const definition of definitions) lines.push(...(await ofComponent(definition)))
  const text = `${lines.join('\n').trimEnd()}\n`
  if (process.env['UPDATE']) writeFileSync(FILE, text)
  expect(text).toBe(readFileSync(FILE, 'utf8'))
})

/** Metrics of the process and of the graph. */
async function ofAgent(): Promise<readonly string[]> {
  const world = new World(new Map())
  const services = world.services()
  observeProcess(world.metrics.scope(), '0.0.0', 0)
  observeBudget(world.metrics.scope(), services.budget)
  const graph = new Graph(services, { drainMs: 0 })
  const check = () => Promise.reject(new Error('nothing to load'))
  const { clock, logger } = services
  const options = { graph, check, clock, log: logger.with({}), meter: world.metrics.scope() }
  expect(new Agent(options).ready).toBe(false)
  return ['agent', ...namesIn(world)]
}

/** Those of one component, as its example sets it up, from its start on. */
async function ofComponent(definition: Definition): Promise<readonly string[]> {
  const world = new World(await exampleFiles())
  const { values } = subjectOf(definition)
  const events = { published() {}, failed() {} }
  const node = { id: 'component', definition }
  const pool = new ResourcePool()
  const services = world.services()
  const instance = new Instance(node, values, new Ledger(), pool, services, events)
  const started = instance.start().catch(() => {})
  await world.clock.tick(0)
  await Promise.race([started, world.clock.tick(1000)])
  const names = namesIn(world)
  expect(countersNotAtZero(world)).toEqual([])
  const stopped = instance.stop(AbortSignal.abort())
  await world.clock.tick(60_000)
  await stopped
  return names.length > 0 ? [definition.name, ...names, ''] : []
}

/** A counter that appears with its first event looks as if that had never happened. */
function countersNotAtZero({ metrics }: World): readonly string[] {
  return metrics
    .families()
    .filter(({ kind }) => kind === 'counter')
    .filter(({ points }) => points.some((point) => 'value' in point && point.value !== 0))
    .map(({ name }) => name)
}

/** "  counter name labels". */
function namesIn({ metrics }: World): readonly string[] {
  return metrics.families().map(({ name, kind, points }) => {
    const labels = new Set(points.flatMap((point) => Object.keys(point.labels)))
    labels.delete('component_id')
    const full = kind === 'counter' ? `${name}_total` : name
    return ['', kind, full, ...labels].join(' ').replace(/^ /, '  ')
  })
}
