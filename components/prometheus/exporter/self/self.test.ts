import { hostname } from 'node:os'
import { expect, onTestFinished, test } from 'vitest'
import { withInternalHost } from '#net'
import { decodePairs, type SampleBatch, SampleReader } from '#pdata'
import { Registry } from '#telemetry'
import { serveSelf } from '../../../../src/cli/self-metrics.js'
import { until, World } from '../../../../test/contract/world.js'
import { runComponent } from '../../../../test/support/running-component.js'
import scrape from '../../scrape/scrape.js'
import definition from './self.js'

type Targets = readonly ReadonlyMap<string, string>[]

test("what it exports is scraped without a socket and has the agent's metrics", async () => {
  const world = new World(new Map())
  const network = withInternalHost(world.network)
  const { clock, random } = world.fake
  const metrics = new Registry()
  metrics.scope().observeGauge('weir_of_the_test', 'One.', () => 42)
  const listener = await serveSelf({ network, clock, random }, metrics, (error) => {
    throw error
  })
  onTestFinished(() => listener.close(AbortSignal.abort()))

  const { instance } = await runComponent(definition, '', world)
  const [target] = instance.published['targets'] as Targets
  const labels = [...target!].map(([name, value]) => `${name} = ${JSON.stringify(value)},`)
  const body = `targets = [{ ${labels.join(' ')} }]
    forward_to = [test.samples.all.receiver]`
  const { samples } = await runComponent(scrape, body, world, { network })
  await clock.tick(60_000)
  await until('a scrape', () => samples.taken.length > 0)
  expect(linesOf(samples.taken[0] as SampleBatch)).toEqual(
    expect.arrayContaining([
      `weir_of_the_test,${hostname()},integrations/self 42`,
      `up,${hostname()},integrations/self 1`,
    ]),
  )
})

function linesOf(batch: SampleBatch): readonly string[] {
  const lines: string[] = []
  const reader = new SampleReader(batch)
  while (reader.nextSeries()) {
    const { bytes, labelsStart, labelsEnd } = reader
    const values = decodePairs(bytes, labelsStart, labelsEnd).filter((_, n) => n % 2 === 1)
    while (reader.nextPoint()) lines.push(`${values.join(',')} ${reader.value}`)
  }
  return lines
}
