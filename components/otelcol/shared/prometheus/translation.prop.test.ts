/**
 * Random and damaged requests, both ways. `WEIR_SEED` takes another run.
 */
import { expect, test } from 'vitest'
import {
  areCanonicalLabels,
  PairReader,
  receiveBatch,
  type SampleBatch,
  SampleReader,
} from '#pdata'
import {
  damage,
  encodeRequest,
  keyValue,
  type Plain,
  randomFrom,
  sampleLines,
  sampleRequest,
  slowSampleLines,
} from '#support'
import { MalformedData } from '#wire'
import { metricsFromSamples } from './from-samples.js'
import type { SampleOptions } from './options.js'
import { SamplesFromMetrics } from './to-samples.js'

const seed = Number(process.env['WEIR_SEED'] ?? 1)
const OPTIONS: SampleOptions = {
  add_metric_suffixes: true,
  include_target_info: true,
  include_scope_info: false,
  include_scope_labels: true,
  keep_identifying_resource_attributes: false,
  resource_to_telemetry_conversion: false,
  honor_metadata: false,
}

const sum = (counts: Iterable<number>) => [...counts].reduce((all, one) => all + one, 0)

/** A request with some of everything that the slow translation knows. */
function randomMetrics(random: () => number): Plain {
  const int = (below: number) => Math.floor(random() * below)
  const oneOf = <T>(...values: T[]) => values[int(values.length)]!
  const some = <T>(below: number, make: () => T) => Array.from({ length: int(below) }, make)
  const key = () =>
    oneOf('a', 'a.b', 'a-b', 'Z', 'http.x', '1st', '_p', 'le2', 'größe', '..', 'job')
  const value = () =>
    oneOf<string | number | boolean>('x', '', 'é"', int(1000), -int(9), 0.25, true)
  const attribute = () => keyValue(key(), value())
  const time = () => String(1_700_000_000_000_000_000n + BigInt(int(1e9)))
  const exemplar = (): Plain => ({
    timeUnixNano: time(),
    ...oneOf({ asDouble: random() * 4 - 1 }, { asInt: String(int(5)) }),
    ...oneOf({}, { spanId: Buffer.alloc(8, 7) }, { traceId: Buffer.alloc(16, int(256)) }),
    ...oneOf({}, {}, { filteredAttributes: some(3, attribute) }),
  })
  const point = (): Plain => ({
    timeUnixNano: time(),
    ...oneOf({}, { startTimeUnixNano: time() }),
    attributes: some(6, attribute),
    ...(random() < 0.1 && { flags: oneOf(1, 3) }),
  })
  const number = () => ({ ...point(), ...oneOf({ asInt: String(int(99) - 9) }, { asDouble: 0.5 }) })
  const distribution = () => ({
    ...point(),
    count: String(int(50)),
    ...oneOf({}, { sum: random() }),
    exemplars: some(3, exemplar),
  })
  const side = () => ({ offset: int(40) - 20, bucketCounts: some(12, () => String(int(3))) })
  const temporality = () => ({ aggregationTemporality: oneOf(2, 2, 2, 1, 0) })
  const bounds = () => oneOf<number[]>([], [1], [0.5, 1, 2.5], [-1, 0.001, 1000])
  const data = (): Plain =>
    oneOf<() => Plain>(
      () => ({ gauge: { dataPoints: some(4, number) } }),
      () => ({
        sum: {
          ...temporality(),
          ...oneOf({}, { isMonotonic: true }),
          dataPoints: some(4, () => ({ ...number(), exemplars: some(3, exemplar) })),
        },
      }),
      () => ({
        histogram: {
          ...temporality(),
          dataPoints: some(3, () => {
            const explicitBounds = bounds()
            const bucketCounts = oneOf(
              [],
              [...explicitBounds, 0].map(() => String(int(9))),
            )
            return { ...distribution(), explicitBounds, bucketCounts }
          }),
        },
      }),
      () => ({
        exponentialHistogram: {
          ...temporality(),
          dataPoints: some(3, () => ({
            ...distribution(),
            ...{ scale: int(16) - 4, positive: side(), negative: side() },
            ...oneOf({}, { zeroCount: '3', zeroThreshold: 0.01 }),
          })),
        },
      }),
      () => ({
        summary: {
          dataPoints: some(3, () => ({
            ...{ ...point(), count: '7', sum: 1.5 },
            quantileValues: oneOf(
              [],
              [
                { quantile: 0.5, value: 1 },
                { quantile: 0.99, value: 2 },
              ],
            ),
          })),
        },
      }),
    )()
  const metric = () => ({ name: oneOf('a.b', 'total', 'x_total', '9x', '...', 'ä'), ...data() })
  const identity = () =>
    oneOf<Plain[]>([], [keyValue('service.name', 's')], [keyValue('service.instance.id', 'i')])
  return {
    resourceMetrics: some(4, () => ({
      resource: { attributes: [...identity(), ...some(3, () => keyValue(oneOf('h', 'k.l'), 'v'))] },
      scopeMetrics: some(3, () => ({
        scope: oneOf({}, { name: 'lib' }, { name: 'lib', version: '1' }),
        metrics: some(5, metric),
      })),
    })),
  }
}

test(`samples are what the slow translation gives (seed ${seed})`, () => {
  const random = randomFrom(seed)
  const translator = new SamplesFromMetrics(OPTIONS)
  let items = 0
  for (let round = 0; round < 300; round++) {
    const bytes = encodeRequest('metrics', randomMetrics(random))
    const batch = receiveBatch('metrics', bytes)
    const { samples } = translator.translate(batch)
    expect(sampleLines(samples), `round ${round}`).toEqual(slowSampleLines(bytes))
    expectSound(samples)
    items += samples.items
  }
  expect(items).toBeGreaterThan(1000)
})

test(`damaged metrics give sound samples, and no point is lost unseen (seed ${seed})`, () => {
  const random = randomFrom(seed)
  const all = { ...OPTIONS, include_scope_info: true, honor_metadata: true }
  const translators = [all, { ...all, resource_to_telemetry_conversion: true }].map(
    (options) => new SamplesFromMetrics(options),
  )
  const sample = sampleRequest('metrics', { items: 10, attributes: 4, resources: 2, seed })
  let accepted = 0
  for (let round = 0; round < 500; round++) {
    const batch = received('metrics', damage(sample, random))
    if (!batch) continue
    accepted++
    for (const translator of translators) {
      const { samples, dropped } = translator.translate(batch)
      expectSound(samples)
      const lost = sum(dropped.values())
      expect(lost).toBeLessThanOrEqual(batch.items)
      // Each point that is left is a sample at least.
      expect(samples.items, `round ${round}`).toBeGreaterThanOrEqual(batch.items - lost)
    }
  }
  expect(accepted).toBeGreaterThan(20)
})

test(`damaged samples give sound metrics (seed ${seed})`, () => {
  const random = randomFrom(seed)
  const translator = new SamplesFromMetrics({ ...OPTIONS, honor_metadata: true })
  const metrics = receiveBatch(
    'metrics',
    sampleRequest('metrics', { items: 12, resources: 1, attributes: 2, seed }),
  )
  const sources = [
    sampleRequest('samples', { items: 12, attributes: 4, seed }),
    translator.translate(metrics).samples.chunks[0]!,
  ]
  let accepted = 0
  for (let round = 0; round < 500; round++) {
    const batch = received('samples', damage(Buffer.from(sources[round % 2]!), random))
    if (!batch) continue
    accepted++
    const { metrics, dropped } = metricsFromSamples(batch as SampleBatch, 'test')
    expect(sum(dropped.values())).toBeLessThanOrEqual(batch.items)
    const again = receiveBatch('metrics', Buffer.concat(metrics.chunks))
    expect(again.items, `round ${round}`).toBe(metrics.items)
  }
  expect(accepted).toBeGreaterThan(20)
})

function received<S extends 'metrics' | 'samples'>(signal: S, bytes: Buffer) {
  try {
    return receiveBatch(signal, bytes)
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedData)
    return undefined
  }
}

/** It can be received as it is; each series has a name, and its labels are canonical. */
function expectSound(samples: SampleBatch): void {
  expect(receiveBatch('samples', Buffer.concat(samples.chunks)).items).toBe(samples.items)
  const reader = new SampleReader(samples)
  while (reader.nextSeries()) {
    const { bytes, labelsStart, labelsEnd } = reader
    expect(areCanonicalLabels(bytes, labelsStart, labelsEnd)).toBe(true)
    const pairs = new PairReader(bytes, labelsStart, labelsEnd)
    const names: string[] = []
    while (pairs.next()) names.push(bytes.toString('utf8', pairs.nameStart, pairs.nameEnd))
    expect(names).toContain('__name__')
    expect(names.every((name) => /^[a-zA-Z_]\w*$/.test(name))).toBe(true)
  }
}
