import type { OtlpSignal, Signal } from '#wire'
import type { Trace } from './trace.js'

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
 * Validated bytes: of an `Export{Trace,Metrics,Logs}ServiceRequest`, for samples of a remote-write
 * 1.0 `WriteRequest`, for entries of Loki's `PushRequest`. Immutable: whoever edits makes a new
 * one. Each chunk is a whole request of its own, and so is their concatenation (protobuf merges
 * repeated fields), so joining copies nothing. The bytes may be on loan; see `Consumer.consume`.
 */
export class Batch<S extends Signal = Signal> {
  readonly signal: S
  readonly chunks: readonly Uint8Array[]
  /**
   * Spans, data points, log records, samples (histograms too) or log lines. Metadata and exemplars
   * of samples count as nothing, so there may be bytes without an item.
   */
  readonly items: number
  /** The chunks' lengths, summed. */
  readonly bytes: number
  readonly client: ClientInfo | undefined
  /** Batches of one gathering may be joined. */
  readonly gathering: Gathering | undefined
  /**
   * Set where data enters, for the few that are traced; what is made of the batch takes it along.
   * Lost where it has been on disk only.
   */
  trace: Trace | undefined

  /** For bytes that have been scanned; what comes from outside goes through `receiveBatch`. */
  constructor(
    signal: S,
    chunks: readonly Uint8Array[],
    items: number,
    bytes: number,
    client?: ClientInfo,
    gathering?: Gathering,
    trace?: Trace,
  ) {
    this.signal = signal
    this.chunks = chunks
    this.items = items
    this.bytes = bytes
    this.client = client
    this.gathering = gathering
    this.trace = trace
  }
}

export type OtlpBatch = Batch<OtlpSignal>
export type SampleBatch = Batch<'samples'>
export type EntryBatch = Batch<'entries'>
