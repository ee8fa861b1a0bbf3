/** Loki's push request in JSON, as a batch. */
import { type EntryBatch, EntryBatchBuilder, encodeStructuredMetadata, labelText } from '#pdata'
import { MalformedData } from '#wire'

const DIGITS = /^-?\d{1,19}$/
const NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/

/** Throws `MalformedData` with the place of what is wrong. */
export function readPushJson(body: Uint8Array): EntryBatch {
  const root = parse(body)
  const builder = new EntryBatchBuilder(body.length)
  for (const [n, stream] of listIn(root, 'streams', '').entries()) {
    const at = `streams[${n}]`
    builder.beginStream(labelsOf(stream, at))
    for (const [index, value] of listIn(stream, 'values', `${at}.`).entries()) {
      addEntry(builder, value, `${at}.values[${index}]`)
    }
    builder.endStream()
  }
  return builder.take()
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown
  } catch (error) {
    throw new MalformedData(`the body is no JSON: ${(error as Error).message}`)
  }
}

function labelsOf(stream: unknown, at: string): string {
  const labels = fieldOf(stream, 'stream')
  if (!isObject(labels)) throw new MalformedData(`${at}.stream: expected an object of labels`)
  for (const [name, value] of Object.entries(labels)) {
    if (!NAME.test(name)) throw new MalformedData(`${at}.stream: "${name}" is no name of a label`)
    if (typeof value !== 'string') {
      throw new MalformedData(`${at}.stream.${name}: expected a string`)
    }
  }
  return labelText((Object.entries(labels) as [string, string][]).flat())
}

/** `[ "nanoseconds", "line" ]`, and as the third an object of structured metadata. */
function addEntry(builder: EntryBatchBuilder, value: unknown, at: string): void {
  if (!Array.isArray(value) || value.length < 2 || value.length > 3) {
    throw new MalformedData(`${at}: expected [time, line] or [time, line, metadata]`)
  }
  const [time, line, metadata = {}] = value as readonly unknown[]
  if (typeof time !== 'string' || !DIGITS.test(time)) {
    throw new MalformedData(`${at}: expected the time in nanoseconds, as a string`)
  }
  if (typeof line !== 'string') throw new MalformedData(`${at}: expected the line as a string`)
  if (!isObject(metadata)) throw new MalformedData(`${at}: expected an object of metadata`)
  const nanoseconds = BigInt(time)
  const nanos = ((nanoseconds % BILLION) + BILLION) % BILLION
  const seconds = (nanoseconds - nanos) / BILLION
  builder.entry(
    Number(seconds),
    Number(nanos),
    line,
    encodeStructuredMetadata(textsOf(metadata, at)),
  )
}

const BILLION = 1_000_000_000n

function textsOf(metadata: object, at: string): string[] {
  return Object.entries(metadata).flatMap(([name, value]: [string, unknown]) => {
    if (typeof value === 'string') return [name, value]
    throw new MalformedData(`${at}: expected the metadata "${name}" as a string`)
  })
}

function listIn(object: unknown, name: string, at: string): readonly unknown[] {
  const list = fieldOf(object, name)
  if (Array.isArray(list)) return list
  throw new MalformedData(`${at}${name}: expected an array`)
}

function fieldOf(object: unknown, name: string): unknown {
  return isObject(object) ? (object as Readonly<Record<string, unknown>>)[name] : undefined
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
