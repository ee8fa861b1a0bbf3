import type { Signal } from '#wire'

/** Who sent a batch, as far as the receiver was asked to remember it. */
export interface ClientInfo {
  /** Request headers, lower-case names; only where the receiver includes metadata. */
  readonly metadata: ReadonlyMap<string, readonly string[]>
  /** What the server side of an auth component learned, such as `subject`. */
  readonly auth: ReadonlyMap<string, string>
  /** The sender's address, without the port. */
  readonly address: string
}

/**
 * Validated `Export{Trace,Metrics,Logs}ServiceRequest` bytes. Immutable: whoever edits makes a new
 * one. Each chunk is a whole request of its own, and so is their concatenation (protobuf merges
 * repeated fields), so joining copies nothing.
 */
export class Batch {
  readonly signal: Signal
  readonly chunks: readonly Uint8Array[]
  /** Spans, data points or log records. */
  readonly items: number
  /** The chunks' lengths, summed. */
  readonly bytes: number
  readonly client: ClientInfo | undefined

  /** For bytes that have been scanned; what comes from outside goes through `receiveBatch`. */
  constructor(
    signal: Signal,
    chunks: readonly Uint8Array[],
    items: number,
    bytes: number,
    client?: ClientInfo,
  ) {
    this.signal = signal
    this.chunks = chunks
    this.items = items
    this.bytes = bytes
    this.client = client
  }
}
