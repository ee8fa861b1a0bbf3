import { describe, expect, test } from 'vitest'
import { EntryBatchBuilder, EntryReader, encodeStructuredMetadata, receiveBatch } from '#pdata'
import { decodeRequest, type Plain } from '#support'
import { batchOf, runComponent } from '../../../../test/support/running-component.js'
import { LogsToEntries } from '../../shared/loki/logs-to-entries.js'
import definition from './loki.js'

const OUTPUT = 'output { logs = [test.sink.all.input] }'

function entry(labels: string, line: string, metadata: readonly string[] = [], nanos = 5) {
  const builder = new EntryBatchBuilder()
  builder.beginStream(labels)
  builder.entry(1_700_000_000, nanos, line, encodeStructuredMetadata(metadata))
  builder.endStream()
  return builder.take()
}

async function recordsOf(...batches: Parameters<Awaited<ReturnType<typeof runComponent>>['give']>) {
  const all = await runComponent(definition, OUTPUT)
  await all.give(...batches)
  const { resourceLogs } = decodeRequest('logs', Buffer.concat(all.sink.taken[0]!.chunks))
  expect(resourceLogs).toHaveLength(1)
  return resourceLogs[0].scopeLogs[0].logRecords as Plain[]
}

const TIME = '1700000000000000005'
const pairs = ({ attributes = [] }: Plain) =>
  (attributes as Plain[]).map(({ key, value }) => `${key}=${value.stringValue}`)

test('an entry', async () => {
  const [record] = await recordsOf(entry('{b="2", a="ü\\"1"}', 'line ü'))
  expect(record).toMatchObject({
    timeUnixNano: TIME,
    observedTimeUnixNano: TIME,
    body: { stringValue: 'line ü' },
  })
  expect(pairs(record!)).toEqual(['loki.attribute.labels=b,a', 'b=2', 'a=ü"1'])
})

describe('attributes', () => {
  const rows: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
    ['of no labels', '{}', [], []],
    [
      'of a file',
      '{filename="/var/log/a.log"}',
      [],
      [
        'loki.attribute.labels=filename',
        'filename=/var/log/a.log',
        'log.file.path=/var/log/a.log',
        'log.file.name=a.log',
      ],
    ],
    [
      'of structured metadata, where no label has the name',
      '{a="1"}',
      ['trace_id', 'x', 'a', '2'],
      ['loki.attribute.labels=a', 'a=1', 'trace_id=x'],
    ],
  ]
  test.each(rows)('%s', async (_, labels, metadata, expected) => {
    const [record] = await recordsOf(entry(labels, 'a', metadata))
    expect(pairs(record!)).toEqual(expected)
  })
})

test('labels that cannot be read are refused for good', async () => {
  const all = await runComponent(definition, OUTPUT)
  await expect(all.give(entry('{a=b}', 'a'))).rejects.toThrow('labels: expected name="value" at 1')
  expect(all.ledger.counts('entries')).toMatchObject({ entered: 0, left: 0 })
})

test('the way back has the same labels, besides exporter', async () => {
  const all = await runComponent(definition, OUTPUT)
  await all.give(entry('{job="shop", level="info"}', 'a'))
  const logs = receiveBatch('logs', Buffer.concat(all.sink.taken[0]!.chunks))
  const reader = new EntryReader(new LogsToEntries(() => 0).convert(logs))
  reader.nextStream()
  expect(reader.labels).toBe('{exporter="OTLP", job="shop", level="info"}')
})

test('every entry is a record, and the bytes are a good request', async () => {
  const all = await runComponent(definition, OUTPUT)
  await all.give(batchOf('entries', 50))
  expect(receiveBatch('logs', Buffer.concat(all.sink.taken[0]!.chunks)).items).toBe(50)
  expect(all.ledger.counts('logs')).toMatchObject({ entered: 50, left: 50 })
})
