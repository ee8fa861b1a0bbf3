/**
 * One batch on disk. All numbers are little-endian; checksums are CRC-32 as in gzip.
 *
 *   0  magic       4  "WREC"
 *   4  headerSum   4  of bytes 8 to 47, begun with the segment's salt: bytes of telemetry that look
 *                     like a record do not pass for one
 *   8  bytes       4  of the note and the payload
 *  12  sum         4  of the note and the payload
 *  16  signal      1  index in SIGNALS
 *  17  reserved    3  0
 *  20  items       4
 *  24  cameAt      8  milliseconds since the epoch, float64
 *  32  attempts    4
 *  36  noteBytes   4
 *  40  id          8  the same wherever this record is written again as it is
 *  48  note           JSON: the client, and why it was set aside
 *      payload        the bytes that were received
 */
import { crc32 } from 'node:zlib'
import { Batch, type ClientInfo, SIGNALS } from '#pdata'
import type { Verdict } from '#sdk'

export const HEADER_BYTES = 48
export const MAGIC_BYTES = 4
const MAGIC = 0x4345_5257

export interface RecordInfo {
  readonly batch: Batch
  /** Milliseconds since the epoch. */
  readonly cameAt: number
  readonly attempts: number
  readonly id: bigint
  readonly verdict?: Verdict | undefined
}

interface Note {
  readonly client?: {
    readonly metadata: readonly (readonly [string, readonly string[]])[]
    readonly auth: readonly (readonly [string, string])[]
    readonly address: string
  }
  readonly verdict?: Verdict
}

interface ReadNote {
  readonly client: ClientInfo | undefined
  readonly verdict: Verdict | undefined
}

const NO_NOTE: ReadNote = { client: undefined, verdict: undefined }

/** The record's parts in order; the batch's chunks are not copied. */
export function writeRecord(info: RecordInfo, salt: number): readonly Uint8Array[] {
  const { batch } = info
  const note = noteOf(info)
  let sum = note ? crc32(note) : 0
  for (const chunk of batch.chunks) sum = crc32(chunk, sum)
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt32LE(MAGIC, 0)
  header.writeUInt32LE((note?.length ?? 0) + batch.bytes, 8)
  header.writeUInt32LE(sum, 12)
  header[16] = SIGNALS.indexOf(batch.signal)
  header.writeUInt32LE(batch.items, 20)
  header.writeDoubleLE(info.cameAt, 24)
  header.writeUInt32LE(info.attempts, 32)
  header.writeUInt32LE(note?.length ?? 0, 36)
  header.writeBigUInt64LE(info.id, 40)
  header.writeUInt32LE(crc32(header.subarray(8), salt), 4)
  return note ? [header, note, ...batch.chunks] : [header, ...batch.chunks]
}

/** The length of a record's note and payload, when `header` begins with a sound header. */
export function recordBytes(header: Buffer, salt: number): number | undefined {
  if (header.length < HEADER_BYTES || header.readUInt32LE(0) !== MAGIC) return undefined
  const sum = crc32(header.subarray(8, HEADER_BYTES), salt)
  return sum === header.readUInt32LE(4) ? header.readUInt32LE(8) : undefined
}

/** What a record of this batch takes, header included; a verdict comes on top. */
export function recordBytesOf(batch: Batch): number {
  const note = batch.client ? noteOf({ batch }) : undefined
  return HEADER_BYTES + (note?.length ?? 0) + batch.bytes
}

/** How many items a sound header says there are. */
export function recordItems(header: Buffer): number {
  return header.readUInt32LE(20)
}

/** A whole record; its batch keeps a view of `bytes`. Undefined when it is damaged. */
export function readRecord(bytes: Buffer, salt: number): RecordInfo | undefined {
  const size = recordBytes(bytes, salt)
  if (size === undefined || bytes.length < HEADER_BYTES + size) return undefined
  const content = bytes.subarray(HEADER_BYTES, HEADER_BYTES + size)
  if (crc32(content) !== bytes.readUInt32LE(12)) return undefined
  const signal = SIGNALS[bytes[16]!]
  const noteBytes = bytes.readUInt32LE(36)
  if (!signal || noteBytes > size) return undefined
  const note = noteBytes > 0 ? parseNote(content.subarray(0, noteBytes)) : NO_NOTE
  if (!note) return undefined
  const payload = content.subarray(noteBytes)
  const chunks = payload.length === 0 ? [] : [payload]
  return {
    batch: new Batch(signal, chunks, bytes.readUInt32LE(20), payload.length, note.client),
    cameAt: bytes.readDoubleLE(24),
    attempts: bytes.readUInt32LE(32),
    id: bytes.readBigUInt64LE(40),
    verdict: note.verdict,
  }
}

/** Where the next magic lies, from `from` on; -1 when there is none. */
export function nextMagic(bytes: Buffer, from: number): number {
  return bytes.indexOf('WREC', from, 'latin1')
}

function noteOf({
  batch: { client },
  verdict,
}: Pick<RecordInfo, 'batch' | 'verdict'>): Buffer | undefined {
  if (!client && !verdict) return undefined
  const note: Note = {
    ...(client && {
      client: { metadata: [...client.metadata], auth: [...client.auth], address: client.address },
    }),
    ...(verdict && { verdict }),
  }
  return Buffer.from(JSON.stringify(note))
}

/** Undefined when it is none of ours: then the record is not either. */
function parseNote(bytes: Buffer): ReadNote | undefined {
  try {
    const { client, verdict } = JSON.parse(bytes.toString()) as Note
    if (!client) return { client: undefined, verdict }
    const { metadata, auth, address } = client
    return { client: { metadata: new Map(metadata), auth: new Map(auth), address }, verdict }
  } catch {
    return undefined
  }
}
