/**
 * What the hot path costs, on 1000 spans, samples or lines with 10 attributes each: CPU time,
 * medians.
 */
import {
  attributeKey,
  type Batch,
  type EntryBatch,
  EntryBatchBuilder,
  EntryReader,
  encodeValue,
  ItemEdits,
  type KeyEdit,
  LAYOUT,
  type Message,
  type OtlpBatch,
  Rewrite,
  receiveBatch,
  type SampleBatch,
  SampleBatchBuilder,
  SampleReader,
  splitBatch,
} from '#pdata'
import { counterRequest, sampleRequest } from '#support'
import {
  decodeMessage,
  encodeMessage,
  jsonToRequest,
  REQUEST,
  requestToJson,
  scanRequest,
} from '#wire'
import { LogsToEntries } from '../../components/otelcol/shared/loki/logs-to-entries.js'
import { SamplesFromMetrics } from '../../components/otelcol/shared/prometheus/to-samples.js'
import { scanByScript } from '../../src/wire/scan.js'

export interface Timing {
  readonly name: string
  /** Milliseconds for 1000 items, which is microseconds an item. */
  readonly ms: number
}

const ITEMS = 1000
const ROUNDS = 11

export async function bench(): Promise<Timing[]> {
  const bytes = sampleRequest('traces', { items: ITEMS })
  const batch = receiveBatch('traces', bytes)
  const json = Buffer.from(requestToJson('traces', [bytes]))
  const key = attributeKey('enduser.id')
  const [text, number] = [encodeValue('staging'), encodeValue(7n)]
  const work: Record<string, () => unknown> = {
    scan: () => scanRequest('traces', bytes),
    'scan in JavaScript alone': () => scanByScript('traces', bytes),
    'protobufjs decode to objects': () => decodeMessage(REQUEST.traces, bytes),
    'protobufjs decode to objects and encode': () =>
      encodeMessage(REQUEST.traces, decodeMessage(REQUEST.traces, bytes)),
    'set one resource attribute': () => editResources(batch, text),
    'read one attribute of every span': () =>
      editSpans(batch, (span) => void span.attributes.get(key)),
    'set one attribute of every span': () =>
      editSpans(batch, (span) => span.attributes.set(key, number)),
    'hash one attribute of every span': () =>
      editSpans(batch, ({ attributes }) => attributes.hash(key)),
    'set one attribute of every span, all at once': () =>
      editAtOnce(batch, { key, found: 'set', missing: 'set', value: number }),
    'hash one attribute of every span, all at once': () =>
      editAtOnce(batch, { key, found: 'hash', missing: 'keep' }),
    'split into tens': () => splitBatch(batch, ITEMS / 10),
    'JSON to protobuf': () => jsonToRequest('traces', json),
    'protobuf to JSON': () => requestToJson('traces', [bytes]),
    ...samplesWork(),
    ...entriesWork(),
    ...translationWork(),
    ...convertersWork(),
  }
  return Object.entries(work).map(([name, run]) => ({ name, ms: medianMs(run) }))
}

/** 1000 points of counters, under 50 metrics with the same keys, to remote-write 1.0. */
function translationWork(): Record<string, () => unknown> {
  const batches = [4, 10].map((attributes) => {
    const request = counterRequest(ITEMS, attributes)
    return [attributes, receiveBatch('metrics', request)] as const
  })
  return Object.fromEntries(
    batches.map(([attributes, batch]) => {
      const translator = new SamplesFromMetrics({
        ...{ add_metric_suffixes: true, include_target_info: true, include_scope_info: false },
        ...{ include_scope_labels: true, keep_identifying_resource_attributes: false },
        ...{ resource_to_telemetry_conversion: false, honor_metadata: false },
      })
      const run = () => translator.translate(batch)
      return [`OTLP points with ${attributes} attributes to remote-write`, run]
    }),
  )
}

function samplesWork(): Record<string, () => unknown> {
  const bytes = sampleRequest('samples', { items: ITEMS })
  const batch = receiveBatch('samples', bytes)
  const builder = new SampleBatchBuilder(bytes.length)
  return {
    'scan samples': () => scanRequest('samples', bytes),
    'split samples into tens': () => splitBatch(batch, ITEMS / 10),
    'read and write samples': () => copySamples(batch, builder),
  }
}

function copySamples(batch: SampleBatch, builder: SampleBatchBuilder): SampleBatch {
  const reader = new SampleReader(batch)
  while (reader.nextSeries()) {
    builder.beginSeries(reader.bytes, reader.labelsStart, reader.labelsEnd)
    while (reader.nextPoint()) {
      const { bytes, pointStart, pointEnd } = reader
      if (reader.kind === 'sample') builder.sample(reader.value, reader.timestampMs)
      else builder.copy(bytes, pointStart, pointEnd, reader.kind === 'histogram' ? 1 : 0)
    }
    builder.endSeries(reader.createdTimestampMs)
  }
  return builder.take()
}

function entriesWork(): Record<string, () => unknown> {
  const bytes = sampleRequest('entries', { items: ITEMS })
  const batch = receiveBatch('entries', bytes)
  const builder = new EntryBatchBuilder(bytes.length)
  return {
    'scan entries': () => scanRequest('entries', bytes),
    'split entries into tens': () => splitBatch(batch, ITEMS / 10),
    'read and write entries': () => copyEntries(batch, builder),
  }
}

function copyEntries(batch: EntryBatch, builder: EntryBatchBuilder): EntryBatch {
  const reader = new EntryReader(batch)
  while (reader.nextStream()) {
    builder.beginStream(reader.labels)
    while (reader.nextEntry()) {
      const { seconds, nanos, bytes, metadataBytes, metadataStart, metadataEnd } = reader
      const line = bytes.subarray(reader.lineStart, reader.lineEnd)
      builder.entry(seconds, nanos, line, metadataBytes, metadataStart, metadataEnd)
    }
    builder.endStream()
  }
  return builder.take()
}

function convertersWork(): Record<string, () => unknown> {
  const logs = receiveBatch('logs', sampleRequest('logs', { items: ITEMS }))
  const toEntries = new LogsToEntries(() => 0)
  const hinted = editAtOnceOf(logs, 'loki.attribute.labels', 'http.request.method,cache.hit')
  return {
    'log records to entries': () => toEntries.convert(logs),
    'log records to entries, with labels of their own': () => toEntries.convert(hinted),
  }
}

function editAtOnceOf(batch: Batch<'logs'>, key: string, text: string): Batch<'logs'> {
  const rewrite = new Rewrite(batch)
  const value = encodeValue(text)
  const edits = new ItemEdits([{ key: attributeKey(key), found: 'set', missing: 'set', value }])
  for (const resources of rewrite.resources()) resources.editItems(edits)
  return rewrite.finish()
}

function editResources(batch: OtlpBatch, value: Uint8Array): OtlpBatch {
  const key = attributeKey('deployment.environment')
  const rewrite = new Rewrite(batch)
  for (const resources of rewrite.resources()) {
    resources.child(LAYOUT.resource).attributes.set(key, value)
  }
  return rewrite.finish()
}

function editSpans(batch: OtlpBatch, edit: (span: Message) => void): OtlpBatch {
  const rewrite = new Rewrite(batch)
  for (const resources of rewrite.resources()) {
    for (const scopes of resources.each(LAYOUT.scopes)) {
      for (const span of scopes.each(LAYOUT.records)) edit(span)
    }
  }
  return rewrite.finish()
}

function editAtOnce(batch: OtlpBatch, edit: KeyEdit): OtlpBatch {
  const rewrite = new Rewrite(batch)
  const items = new ItemEdits([edit])
  for (const resources of rewrite.resources()) resources.editItems(items)
  return rewrite.finish()
}

/** CPU time of one run, from rounds of a tenth of a second at most. */
function medianMs(run: () => unknown): number {
  const times: number[] = []
  let runs = 1
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage()
    for (let n = 0; n < runs; n++) run()
    const { user, system } = process.cpuUsage(before)
    const ms = (user + system) / 1000 / runs
    times.push(ms)
    runs = Math.min(100, Math.max(1, Math.floor(50 / Math.max(ms, 0.01))))
  }
  return times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)]!
}
