/** What the hot path costs, on 1000 spans with 10 attributes each: CPU time, medians. */
import {
  attributeKey,
  encodeValue,
  ItemEdits,
  type KeyEdit,
  LAYOUT,
  type Message,
  type OtlpBatch,
  Rewrite,
  receiveBatch,
  splitBatch,
} from '#pdata'
import { sampleRequest } from '#support'
import {
  decodeMessage,
  encodeMessage,
  jsonToRequest,
  REQUEST,
  requestToJson,
  scanRequest,
} from '#wire'
import { scanByScript } from '../../src/wire/scan.js'

export interface Timing {
  readonly name: string
  /** Milliseconds for 1000 spans, which is microseconds a span. */
  readonly ms: number
}

const SPANS = 1000
const ROUNDS = 11

export async function bench(): Promise<Timing[]> {
  const bytes = sampleRequest('traces', { items: SPANS })
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
    'split into tens': () => splitBatch(batch, SPANS / 10),
    'JSON to protobuf': () => jsonToRequest('traces', json),
    'protobuf to JSON': () => requestToJson('traces', [bytes]),
  }
  return Object.entries(work).map(([name, run]) => ({ name, ms: medianMs(run) }))
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
