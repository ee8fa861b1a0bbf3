/** Own telemetry through a real graph: toy components take what the agent says of itself. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { checkSources, Registry } from '#config'
import { Source } from '#grammar'
import { Batch } from '#pdata'
import { systemClock } from '#sdk'
import { toyGraph } from '../../test/support/toy-graph.js'
import { OwnData } from './own-data.js'
import { telemetryBlock, tracingBlock } from './telemetry-block.js'
import { Tracing } from './tracing.js'

const SINK = 'toy.sink "out" { }'

async function running(text: string) {
  const tracing = new Tracing(new OwnData('the-instance-of-this-test'), () => 0.5)
  const toys = toyGraph({ clock: systemClock, tracing })
  const { graph, metrics, logger } = toys
  const own = {
    version: '1.2.3',
    clock: systemClock,
    startedAt: 0,
    registry: metrics,
    logger,
    tracing,
  }
  const registry = new Registry([
    ...Object.values(toys.define),
    telemetryBlock(own),
    tracingBlock(own),
  ])
  const load = async (config: string) => {
    const options = { registry, stability: 'experimental' } as const
    const environment = { env: () => undefined, constants: new Map() }
    const { program, diagnostics } = checkSources([new Source('config.river', config)], {
      ...options,
      environment,
    })
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(await graph.apply(program!)).toMatchObject({ ok: true })
  }
  await load(text)
  onTestFinished(async () => void (await graph.shutdown()))
  const entered = (signal: 'traces' | 'metrics' | 'logs') =>
    toys.find('toy.sink.out').ledger.counts(signal).entered
  return { ...toys, tracing, load, entered }
}

test('all signals go where the output says', async () => {
  const { logger, tracing, entered, find } = await running(`${SINK}
    telemetry {
      metrics_interval = "100ms"
      delay            = "10ms"
      output {
        traces  = [toy.sink.out.input]
        metrics = [toy.sink.out.input]
        logs    = [toy.sink.out.input]
      }
    }`)
  logger.of('somebody').info('a line')
  logger.of('toy.sink.out').info('a line of what takes the lines')
  tracing.start('load', {})!.end()
  await expect.poll(() => [entered('traces'), entered('logs')]).toEqual([1, 1])
  await expect.poll(() => entered('metrics')).toBeGreaterThan(10)
  expect(find('telemetry').health()).toMatchObject({ state: 'healthy', message: 'sending' })
})

test('without a destination nothing is loaded or sent', async () => {
  const { tracing, find } = await running(SINK)
  expect(tracing.start('load', {})).toBe(undefined)
  expect(find('telemetry').health().message).toBe('nothing to send to')
})

test('tracing as Alloy has it, with a sampler that is asked for the fraction', async () => {
  const asked: (string | undefined)[] = []
  const server = createServer((request, response) => {
    asked.push(request.url)
    response.end('{"probabilisticSampling": {"samplingRate": 0.25}}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const { tracing } = await running(`${SINK}
    tracing {
      sampling_fraction = 1
      write_to          = [toy.sink.out.input]
      sampler {
        jaeger_remote { url = "http://127.0.0.1:${port}/sampling" }
      }
    }`)
  const batch = new Batch('traces', [], 0, 0)
  expect(tracing.ofBatch(batch, 'a')).not.toBe(undefined)
  await expect.poll(() => tracing.ofBatch(batch, 'a')).toBe(undefined)
  expect(asked).toEqual(['/sampling?service=weir'])
})

test('an endpoint that is away degrades its health and counts what is lost', async () => {
  const { tracing, find, metrics, lines } = await running(`${SINK}
    telemetry {
      delay = "10ms"
      otlp {
        endpoint = "http://127.0.0.1:9"
        protocol = "http"
        signals  = ["traces"]
        timeout  = "200ms"
      }
    }`)
  tracing.start('load', {})!.end()
  await expect.poll(() => find('telemetry').health().state, { timeout: 5000 }).toBe('degraded')
  expect(metrics.render('prometheus')).toContain(
    'weir_telemetry_failed_exports_total{component_id="telemetry",data_type="traces"} 1',
  )
  expect(lines.filter((line) => line.includes('cannot send its own telemetry'))).toHaveLength(1)
})
