import { endOfVarint, FIELD, FieldReader } from '#wire'
import { Batch, type SampleBatch } from './batch.js'
import { Edits } from './edits.js'

const { WriteRequest, TimeSeries } = FIELD

/**
 * A batch as remote-write 1.0 has it: without the creation times, which are ours. What has none is
 * not copied.
 */
export function withoutCreated(batch: SampleBatch): SampleBatch {
  const { signal, items, client, gathering, trace } = batch
  const edits = new Edits()
  const chunks = batch.chunks.map((chunk) => {
    const requests = new FieldReader(chunk, 0, chunk.length)
    while (requests.next()) {
      if (requests.number === WriteRequest.timeseries) strip(edits, chunk, requests)
    }
    return edits.emit(chunk)
  })
  if (chunks.every((chunk, n) => chunk === batch.chunks[n])) return batch
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  return new Batch(signal, chunks, items, bytes, client, gathering, trace)
}

function strip(edits: Edits, chunk: Uint8Array, { start, value, end }: FieldReader): void {
  const slot = edits.reserve(start)
  let size = end - value
  const fields = new FieldReader(chunk, value, end)
  while (fields.next()) {
    if (fields.number !== TimeSeries.createdTimestamp) continue
    edits.replace(fields.start, fields.end, 0, 0)
    size -= fields.end - fields.start
  }
  if (size === end - value) edits.rollBack(slot)
  else edits.fillLength(slot, endOfVarint(chunk, start), value, size)
}
