import { describe, expect, test } from 'vitest'
import type { Signal } from '#pdata'
import { encodeRequest } from '#support'
import { encodeMessage } from '#wire'
import { itemsOf, matches } from './items.js'

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })
const resource = { attributes: [text('service.name', 'shop')] }
const TRACE = '01'.repeat(16)
const SPAN = '02'.repeat(8)

const span = {
  traceId: Buffer.from(TRACE, 'hex'),
  spanId: Buffer.from(SPAN, 'hex'),
  name: 'GET /',
  startTimeUnixNano: '1700000000000000000',
  endTimeUnixNano: '1700000000012500000',
  status: { code: 2, message: 'boom' },
  attributes: [text('http.route', '/')],
}

describe('items', () => {
  const rows: readonly (readonly [string, Signal, Uint8Array, object])[] = [
    [
      'a span',
      'traces',
      encodeRequest('traces', { resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }),
      {
        at: 1700000000000,
        service: 'shop',
        title: 'GET /',
        text: '12.5 ms failed boom',
        attributes: [
          ['http.route', '/'],
          ['service.name', 'shop'],
        ],
        span: { traceId: TRACE, spanId: SPAN, parentId: '', isFailed: true },
      },
    ],
    [
      'a metric',
      'metrics',
      encodeRequest('metrics', {
        resourceMetrics: [
          {
            resource,
            scopeMetrics: [
              {
                metrics: [
                  { name: 'n', unit: 'By', gauge: { dataPoints: [{ asDouble: 0.1 + 0.2 }] } },
                ],
              },
            ],
          },
        ],
      }),
      { title: 'n', text: '0.3 By', service: 'shop' },
    ],
    [
      'a log record',
      'logs',
      encodeRequest('logs', {
        resourceLogs: [
          {
            resource,
            scopeLogs: [{ logRecords: [{ severityNumber: 13, body: { stringValue: 'hi' } }] }],
          },
        ],
      }),
      { title: 'WARN', text: 'hi', service: 'shop', at: undefined },
    ],
    [
      'a series',
      'samples',
      encodeMessage('WriteRequest', {
        timeseries: [
          {
            labels: [
              { name: '__name__', value: 'up' },
              { name: 'job', value: 'api' },
            ],
            samples: [{ value: 1, timestamp: 1700000000000 }],
          },
        ],
      }),
      { title: 'up', text: '1', service: 'api', at: 1700000000000, attributes: [['job', 'api']] },
    ],
    [
      'a log line',
      'entries',
      encodeMessage('PushRequest', {
        streams: [
          { labels: '{app="x"}', entries: [{ timestamp: { seconds: 1700000000 }, line: 'hello' }] },
        ],
      }),
      { text: 'hello', at: 1700000000000, attributes: [['stream', '{app="x"}']] },
    ],
  ]
  for (const [name, signal, bytes, wanted] of rows) {
    test(name, () => expect(itemsOf(signal, [bytes])).toMatchObject([{ signal, ...wanted }]))
  }
})

describe('a filter', () => {
  const bytes = encodeRequest('traces', {
    resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }],
  })
  const [item] = itemsOf('traces', [bytes])
  const rows: readonly (readonly [string, boolean])[] = [
    ['', true],
    ['get', true],
    ['get nothing', false],
    ['service=shop http.route=/', true],
    ['-boom', false],
    ['-nothing', true],
    [TRACE, true],
  ]
  for (const [filter, is] of rows)
    test(`"${filter}"`, () => expect(matches(item!, filter)).toBe(is))
})
