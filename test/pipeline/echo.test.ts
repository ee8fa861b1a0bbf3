/** Samples and log entries from a source to what writes them out, by a config and a reload. */
import { expect, onTestFinished, test } from 'vitest'
import { checkSources } from '#config'
import { Source } from '#grammar'
import { Graph } from '#graph'
import type { Signal } from '#pdata'
import {
  attributes,
  type Component,
  type Context,
  defineReceiver,
  forwardTo,
  type Intake,
} from '#sdk'
import { allComponents } from '#support'
import { CONFIG_BLOCKS, checkOptions } from '../contract/registry.js'
import { outcomeOf } from '../contract/rig.js'
import { World } from '../contract/world.js'
import { batchOf } from '../support/running-component.js'

const components = await allComponents()

const intakes = new Map<string, Intake>()

function create({ id }: Context, _: unknown, intake: Intake<never>): Component {
  intakes.set(id, intake as Intake)
  return { stop: () => Promise.resolve() }
}

/** Their data is the test's. */
const sources = (['samples', 'entries'] as const).map((signal) =>
  defineReceiver({
    name: `toy.${signal}`,
    stability: 'generally-available',
    about: 'Has what a test gives it.',
    schema: attributes({ forward_to: forwardTo(signal) }),
    create,
  }),
)
const options = checkOptions('generally-available', [...components, ...CONFIG_BLOCKS, ...sources])

const config = (format: string) => `toy.samples "in" {
  forward_to = [prometheus.echo.one.receiver, prometheus.echo.two.receiver]
}
toy.entries "in" { forward_to = [loki.echo.out.receiver] }
prometheus.echo "one" { }
prometheus.echo "two" { format = "${format}" }
loki.echo "out" { }
`

async function running() {
  const world = new World(new Map())
  const graph = new Graph(world.services(), { drainMs: 1000 })
  const load = (text: string) =>
    graph.apply(checkSources([new Source('config.river', text)], options).program!)
  onTestFinished(async () => {
    await outcomeOf(world, graph.shutdown())
  })
  const written = () => {
    const text = world.fake.contents.get('stdout') ?? ''
    world.fake.contents.delete('stdout')
    return text
  }
  const send = (signal: Signal) => intakes.get(`toy.${signal}.in`)!.deliver(batchOf(signal, 2))
  return { graph, load, written, send }
}

test('each receiver gets all, and a reload changes only what it is about', async () => {
  const { graph, load, written, send } = await running()
  expect(await load(config('text'))).toMatchObject({ ok: true })
  await send('samples')
  const both = written()
  const half = both.slice(0, both.length / 2)
  expect(both).toBe(half + half)
  expect(half).toMatch(/^# HELP request_duration_seconds .*\n/)
  expect(half).not.toContain('# EOF')

  const outcome = await load(config('openmetrics'))
  expect(outcome.ok && outcome.steps.map(({ id, action }) => `${action} ${id}`).sort()).toEqual([
    ...['keep http', 'keep logging', 'keep loki.echo.out', 'keep prometheus.echo.one'],
    'keep telemetry',
    ...[
      'keep toy.entries.in',
      'keep toy.samples.in',
      'keep tracing',
      'replace prometheus.echo.two',
    ],
  ])
  await send('samples')
  expect(written()).toMatch(/# EOF\n/)
  await send('entries')
  expect(written().match(/^receiver=loki\.echo\.out entry=.*$/gm)).toHaveLength(2)
  expect(graph.instances.every((one) => one.isBalanced)).toBe(true)
})
