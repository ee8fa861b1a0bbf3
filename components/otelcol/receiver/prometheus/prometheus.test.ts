import { expect, test } from 'vitest'
import { receiveBatch } from '#pdata'
import { Retryable } from '#sdk'
import { decodeRequest, encodeRequest } from '#support'
import { runComponent } from '../../../../test/support/running-component.js'
import definition from './prometheus.js'

const OUTPUT = 'output {\nmetrics = [test.sink.all.input]\n}'

const batch = receiveBatch(
  'samples',
  encodeRequest('samples', {
    timeseries: [
      { labels: [{ name: '__name__', value: 'up' }], samples: [{ value: 1, timestamp: '1' }] },
      {
        labels: [
          { name: '__name__', value: 'h_bucket' },
          { name: 'le', value: '1' },
        ],
        samples: [{ value: 1, timestamp: '1' }],
      },
    ],
  }),
)

test('samples become points, and both are in the books', async () => {
  const all = await runComponent(definition, OUTPUT)
  await all.give(batch)
  const [metrics] = all.sink.taken
  expect(metrics).toMatchObject({ signal: 'metrics', items: 1 })
  expect(decodeRequest('metrics', metrics!.chunks[0]!)).toMatchObject({
    resourceMetrics: [
      {
        scopeMetrics: [
          {
            scope: { name: 'otelcol.receiver.prometheus' },
            metrics: [{ name: 'up', gauge: { dataPoints: [{ asDouble: 1 }] } }],
          },
        ],
      },
    ],
  })
  expect(all.ledger.counts('samples')).toMatchObject({
    entered: 2,
    left: 1,
    dropped: new Map([['histogram without count', 1]]),
  })
  expect(all.ledger.counts('metrics')).toMatchObject({ entered: 1, left: 1 })
})

test('a refusal behind it is one for the whole batch', async () => {
  const all = await runComponent(definition, OUTPUT)
  all.sink.answer = () => Promise.reject(new Retryable('full'))
  await expect(all.give(batch)).rejects.toThrow('full')
  expect(all.ledger.counts('samples')).toMatchObject({ entered: 0, refused: 2, dropped: new Map() })
  expect(all.ledger.counts('metrics')).toMatchObject({ entered: 0, left: 0 })
})
