import { hostname } from 'node:os'
import { expect, onTestFinished, test } from 'vitest'
import { withInternalHost } from '#net'
import type { SampleBatch } from '#pdata'
import { Registry } from '#telemetry'
import { serveSelf } from '../../../../src/cli/self-metrics.js'
import { live } from '../../../../test/contract/rig.js'
import { until, World } from '../../../../test/contract/world.js'
import { runComponent } from '../../../../test/support/running-component.js'
import { sampleLines } from '../../../../test/support/sample-lines.js'
import scrape from '../../scrape/scrape.js'
import definition from './self.js'

const LABELS = `\\{instance="${hostname()}",job="integrations/self"\\}`

type Targets = readonly ReadonlyMap<string, string>[]

test("what it exports is scraped without a socket and has the agent's metrics", async () => {
  const world = new World(new Map())
  const network = withInternalHost(world.network)
  const { clock, random } = world.fake
  const metrics = new Registry()
  let isAsked = false
  metrics.scope().observeGauge('weir_of_the_test', 'One.', () => {
    isAsked = true
    return 42
  })
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
  await live(world, 'a scrape', () => isAsked)
  // Time stands still, so that it cannot be late.
  await until('samples', () => samples.taken.length > 0)
  expect(sampleLines(samples.taken[0] as SampleBatch)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(new RegExp(`^weir_of_the_test${LABELS} 42 `)),
      expect.stringMatching(new RegExp(`^up${LABELS} 1 `)),
    ]),
  )
})
