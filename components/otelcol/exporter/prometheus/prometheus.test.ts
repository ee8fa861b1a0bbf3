import { expect, test } from 'vitest'
import { receiveBatch } from '#pdata'
import { Retryable } from '#sdk'
import { encodeRequest, sampleLines } from '#support'
import { runComponent } from '../../../../test/support/running-component.js'
import definition from './prometheus.js'

const FORWARD = 'forward_to = [test.samples.all.receiver]'

const batchOf = (...metrics: readonly object[]) =>
  receiveBatch(
    'metrics',
    encodeRequest('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }),
  )
const gauge = { name: 'g', gauge: { dataPoints: [{ timeUnixNano: '1000000' }] } }
const delta = { name: 'd', sum: { aggregationTemporality: 1, dataPoints: [{}, {}] } }

test('points become samples, and both are in the books', async () => {
  const all = await runComponent(definition, FORWARD)
  await all.give(batchOf(gauge, delta))
  expect(all.samples.taken.flatMap((batch) => sampleLines(batch as never))).toEqual(['g{} 0 @1'])
  expect(all.ledger.counts('metrics')).toMatchObject({
    entered: 3,
    left: 1,
    dropped: new Map([['delta temporality', 2]]),
  })
  expect(all.ledger.counts('samples')).toMatchObject({ entered: 1, left: 1 })
})

test('a batch of which nothing is left goes nowhere', async () => {
  const all = await runComponent(definition, FORWARD)
  await all.give(batchOf(delta))
  expect(all.samples.taken).toEqual([])
  expect(all.ledger.held('metrics')).toBe(0)
})

test('a refusal behind it is one for the whole batch', async () => {
  const all = await runComponent(definition, FORWARD)
  all.samples.answer = () => Promise.reject(new Retryable('full'))
  await expect(all.give(batchOf(gauge, delta))).rejects.toThrow('full')
  expect(all.ledger.counts('metrics')).toMatchObject({ entered: 0, refused: 3, dropped: new Map() })
  expect(all.ledger.counts('samples')).toMatchObject({ entered: 0, left: 0 })
})

test('without receivers the samples are dropped and counted', async () => {
  const all = await runComponent(definition, 'forward_to = []')
  await all.give(batchOf(gauge))
  expect(all.ledger.counts('samples').dropped).toEqual(new Map([['no consumer', 1]]))
})

test('the arguments reach the names and labels', async () => {
  const all = await runComponent(
    definition,
    `${FORWARD}\nadd_metric_suffixes = false\ninclude_scope_info = true\nhonor_metadata = true`,
  )
  await all.give(
    receiveBatch(
      'metrics',
      encodeRequest('metrics', {
        resourceMetrics: [
          { scopeMetrics: [{ scope: { name: 'lib' }, metrics: [{ ...gauge, unit: 's' }] }] },
        ],
      }),
    ),
  )
  expect(all.samples.taken.flatMap((batch) => sampleLines(batch as never))).toEqual([
    'g{otel_scope_name="lib"} 0 @1',
    'otel_scope_info{otel_scope_name="lib"} 1 @1',
    '# g type=2 unit=seconds help=',
  ])
})
