/** Remote-write requests of foreign senders, whose series may not be as Prometheus has them. */
import type { ClientInfo, SampleBatch } from './batch.js'
import { areCanonicalLabels, decodePairs, encodeLabels, PairReader } from './labels.js'
import { receiveBatch } from './receive.js'
import { SampleBatchBuilder } from './sample-batch-builder.js'
import { metadataOf, type PointKind, SampleReader } from './sample-reader.js'

/** A request without the series that break the data model. */
export interface ReceivedWrite {
  readonly batch: SampleBatch
  /** What is in the batch. */
  readonly counts: Readonly<Record<PointKind, number>>
  /** Samples and histograms that are left out. */
  readonly refused: number
  /** Why something is left out: of the first. */
  readonly reason: string | undefined
}

export interface WriteOptions {
  /** Whether help, type and unit of metrics stay. */
  readonly metadata: boolean
  /** Adds the labels `__type__` and `__unit__`, where the series says what they are: 2.0 does. */
  readonly typeAndUnitLabels: boolean
}

/**
 * A `WriteRequest` of remote-write 1.0; its bytes stay where nothing in it is to be changed. Labels
 * may come in any order. Throws `MalformedData` for what is no such message.
 */
export function receiveWriteOne(
  bytes: Uint8Array,
  { metadata: keepsMetadata }: Pick<WriteOptions, 'metadata'>,
  client?: ClientInfo,
): ReceivedWrite {
  const batch = receiveBatch('samples', bytes, client)
  const families = metadataOf(batch)
  const check = checkSeries(batch)
  const { counts } = check
  if (check.isPlain && (keepsMetadata || families.length === 0)) {
    return { batch, counts, refused: 0, reason: undefined }
  }
  const builder = new SampleBatchBuilder(batch.bytes)
  const reader = new SampleReader(batch)
  while (reader.nextSeries()) copySeries(reader, builder)
  if (keepsMetadata) for (const family of families) builder.metadata(family)
  const { refused, reason } = check
  return { batch: builder.take(client), counts, refused, reason }
}

interface Check {
  readonly counts: Record<PointKind, number>
  refused: number
  reason: string | undefined
  /** All series are as they should be. */
  isPlain: boolean
}

function checkSeries(batch: SampleBatch): Check {
  const check: Check = {
    counts: { sample: 0, histogram: 0, exemplar: 0 },
    refused: 0,
    reason: undefined,
    isPlain: true,
  }
  const reader = new SampleReader(batch)
  while (reader.nextSeries()) {
    const { bytes, labelsStart, labelsEnd } = reader
    let fault: string | undefined
    if (!isPlain(bytes, labelsStart, labelsEnd)) {
      check.isPlain = false
      fault = faultOfLabels(decodePairs(bytes, labelsStart, labelsEnd))
      check.reason ??= fault
    }
    while (reader.nextPoint()) {
      if (fault === undefined) check.counts[reader.kind]++
      else if (reader.kind !== 'exemplar') check.refused++
    }
  }
  return check
}

function copySeries(reader: SampleReader, builder: SampleBatchBuilder): void {
  const { bytes, labelsStart, labelsEnd, seriesEnd } = reader
  if (isPlain(bytes, labelsStart, labelsEnd)) {
    builder.beginSeries(bytes, labelsStart, labelsEnd)
  } else {
    const pairs = decodePairs(bytes, labelsStart, labelsEnd)
    if (faultOfLabels(pairs) !== undefined) return
    builder.beginSeries(encodeLabels(pairs))
  }
  let items = 0
  while (reader.nextPoint()) if (reader.kind !== 'exemplar') items++
  builder.copy(bytes, labelsEnd, seriesEnd, items)
  builder.endSeries()
}

const METRIC = '__name__'
const NAME = Buffer.from(METRIC)

/** Canonical labels with the name of a metric. */
function isPlain(bytes: Buffer, start: number, end: number): boolean {
  if (!areCanonicalLabels(bytes, start, end)) return false
  const pairs = new PairReader(bytes, start, end)
  let hasName = false
  while (pairs.next()) {
    if (pairs.nameStart === pairs.nameEnd) return false
    if (NAME.compare(bytes, pairs.nameStart, pairs.nameEnd) === 0) hasName = true
  }
  return hasName
}

/** What is wrong with name, value, name, value ...; undefined where nothing is but their order. */
export function faultOfLabels(pairs: readonly string[]): string | undefined {
  const names = new Set<string>()
  let metric = ''
  for (let n = 0; n < pairs.length; n += 2) {
    const name = pairs[n]!
    if (name === '') return `a label without a name, of the value "${shown(pairs[n + 1]!)}"`
    if (names.has(name)) return `the label "${shown(name)}" is there twice${ofMetric(pairs)}`
    names.add(name)
    if (name === METRIC) metric = pairs[n + 1]!
  }
  return metric === '' ? `a series without a metric name: ${listed(pairs)}` : undefined
}

function ofMetric(pairs: readonly string[]): string {
  const at = pairs.findIndex((name, n) => n % 2 === 0 && name === METRIC)
  return at < 0 ? '' : `, in a series of "${shown(pairs[at + 1]!)}"`
}

const TEXT_LENGTH_MAX = 100

function shown(text: string): string {
  return text.length > TEXT_LENGTH_MAX ? `${text.slice(0, TEXT_LENGTH_MAX)}...` : text
}

function listed(pairs: readonly string[]): string {
  const labels = pairs.flatMap((name, n) => (n % 2 === 0 ? [`${name}="${pairs[n + 1]!}"`] : []))
  return shown(`{${labels.join(', ')}}`)
}
