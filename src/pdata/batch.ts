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

/** How a queue joins and splits batches. */
export interface BatchLimits {
  /** Batches of at most this are waited for, this long after the oldest came. */
  readonly minSize: number
  readonly flushTimeoutMs: number
  /** Larger ones are split; 0 never splits. */
  readonly maxSize: number
  readonly sizer: 'items' | 'bytes'
}

/** What a batch processor asks of the queue behind it, which forms batches when it sends. */
export interface Gathering extends BatchLimits {
  /** A batch was formed; `isFull` when it did not wait for its time to pass. */
  formed(items: number, isFull: boolean): void
}

/**
 * Validated `Export{Trace,Metrics,Logs}ServiceRequest` bytes. Immutable: whoever edits makes a new
 * one. Each chunk is a whole request of its own, and so is their concatenation (protobuf merges
 * repeated fields), so joining copies nothing. The bytes may be on loan; see `Consumer.consume`.
 */
export class Batch {
  readonly signal: Signal
  readonly chunks: readonly Uint8Array[]
  /** Spans, data points or log records. */
  readonly items: number
  /** The chunks' lengths, summed. */
  readonly bytes: number
  readonly client: ClientInfo | undefined
  /** Batches of one gathering may be joined. */
  readonly gathering: Gathering | undefined

  /** For bytes that have been scanned; what comes from outside goes through `receiveBatch`. */
  constructor(
    signal: Signal,
    chunks: readonly Uint8Array[],
    items: number,
    bytes: number,
    client?: ClientInfo,
    gathering?: Gathering,
  ) {
    this.signal = signal
    this.chunks = chunks
    this.items = items
    this.bytes = bytes
    this.client = client
    this.gathering = gathering
  }
}
