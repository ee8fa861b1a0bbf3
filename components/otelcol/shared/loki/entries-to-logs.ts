import { Batch, type EntryBatch, EntryReader, parseLabelText } from '#pdata'
import { Permanent } from '#sdk'
import { FIELD, FieldReader, MalformedData, Writer } from '#wire'
import { HINTS } from './hints.js'

const { ExportLogsServiceRequest, ResourceLogs, ScopeLogs, LogRecord, KeyValue, AnyValue } = FIELD
const { LabelPairAdapter } = FIELD
const KNOWN_MAX = 10_000

/** Encoded attributes of the labels of a stream, and their names. */
interface StreamAttributes {
  readonly bytes: Buffer
  readonly names: ReadonlySet<string>
}

/**
 * Entries of Loki as OTLP log records, all of one resource without attributes. Labels become
 * attributes, with a hint which they were, so that the way back is the same.
 */
export class EntriesToLogs {
  readonly #known = new Map<string, StreamAttributes>()
  readonly #writer = new Writer(64 * 1024)
  readonly #pair = new FieldReader(new Uint8Array(0), 0, 0)
  readonly #field = new FieldReader(new Uint8Array(0), 0, 0)

  /** Throws Permanent where labels cannot be read. */
  convert(batch: EntryBatch): Batch<'logs'> {
    const { items, client, gathering } = batch
    const writer = this.#writer
    writer.pos = 0
    const resource = writer.begin(ExportLogsServiceRequest.resourceLogs, LENGTH_BYTES)
    const scope = writer.begin(ResourceLogs.scopeLogs, LENGTH_BYTES)
    const reader = new EntryReader(batch)
    while (reader.nextStream()) {
      const stream = this.#attributesOf(reader.labels)
      while (reader.nextEntry()) this.#writeRecord(reader, stream)
    }
    writer.end(scope, LENGTH_BYTES)
    writer.end(resource, LENGTH_BYTES)
    const bytes = items === 0 ? new Uint8Array(0) : writer.copy()
    return new Batch('logs', items === 0 ? [] : [bytes], items, bytes.length, client, gathering)
  }

  #writeRecord(reader: EntryReader, { bytes, names }: StreamAttributes): void {
    const writer = this.#writer
    const record = writer.begin(ScopeLogs.logRecords, 2)
    const time = BigInt(reader.seconds) * 1_000_000_000n + BigInt(reader.nanos)
    if (time > 0n) {
      writer.tag(LogRecord.timeUnixNano, 1)
      writer.fixed64(time)
    }
    const body = writer.begin(LogRecord.body, 2)
    writer.field(AnyValue.stringValue, reader.bytes, reader.lineStart, reader.lineEnd)
    writer.end(body, 2)
    writer.raw(bytes)
    this.#writeMetadata(reader, names)
    if (time > 0n) {
      writer.tag(LogRecord.observedTimeUnixNano, 1)
      writer.fixed64(time)
    }
    writer.end(record, 2)
  }

  /** What a label has the name of is left to the label. */
  #writeMetadata(reader: EntryReader, names: ReadonlySet<string>): void {
    const { metadataBytes: bytes, metadataStart, metadataEnd } = reader
    const pair = this.#pair
    pair.reset(bytes, metadataStart, metadataEnd)
    while (pair.next()) {
      const field = this.#field
      field.reset(bytes, pair.value, pair.end)
      let [name, value] = ['', '']
      while (field.next()) {
        const text = bytes.toString('utf8', field.value, field.end)
        if (field.number === LabelPairAdapter.name) name = text
        else if (field.number === LabelPairAdapter.value) value = text
      }
      if (!names.has(name)) writeAttribute(this.#writer, name, value)
    }
  }

  #attributesOf(labels: string): StreamAttributes {
    let known = this.#known.get(labels)
    if (!known) {
      known = encodeAttributes(parse(labels))
      if (this.#known.size >= KNOWN_MAX) this.#known.clear()
      this.#known.set(labels, known)
    }
    return known
  }
}

/** What most batches take. */
const LENGTH_BYTES = 3

function parse(labels: string): readonly string[] {
  try {
    return parseLabelText(labels)
  } catch (error) {
    if (!(error instanceof MalformedData)) throw error
    throw new Permanent(error.message, { cause: error })
  }
}

function encodeAttributes(labels: readonly string[]): StreamAttributes {
  const names = labels.filter((_, n) => n % 2 === 0)
  const writer = new Writer(256)
  if (names.length > 0) writeAttribute(writer, String(HINTS.attributes), names.join(','))
  for (const [n, name] of names.entries()) {
    const value = labels[2 * n + 1]!
    writeAttribute(writer, name, value)
    if (name !== 'filename') continue
    // As OpenTelemetry calls the file that a record was read from.
    writeAttribute(writer, 'log.file.path', value)
    writeAttribute(
      writer,
      'log.file.name',
      value.replace(/\/+$/, '').replace(/^.*\//s, '') || value,
    )
  }
  return { bytes: writer.copy(), names: new Set([...names, String(HINTS.attributes)]) }
}

function writeAttribute(writer: Writer, key: string, value: string): void {
  const pair = writer.begin(LogRecord.attributes)
  writer.string(KeyValue.key, key)
  const any = writer.begin(KeyValue.value)
  writer.string(AnyValue.stringValue, value)
  writer.end(any)
  writer.end(pair)
}
