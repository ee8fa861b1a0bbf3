import { OTLP_SIGNALS, type OtlpBatch, perSignal } from '#pdata'
import { type Clock, type Sample, sampleOf } from '#sdk'

/** Of each signal. */
const KEPT_MAX = 100
const KEPT_BYTES_MAX = 1024 * 1024
/** Of one batch. */
const BYTES_MAX = 32 * 1024
/** Of a signal in a second: a busy exporter is not to be slowed by what nobody may look at. */
const PER_SECOND_MAX = 10

/** The last batches of each signal, or the heads of large ones. */
export class RecentBatches {
  readonly #clock: Clock
  readonly #kept = perSignal((): Sample[] => [])
  readonly #bytes = perSignal(() => 0)
  readonly #inSecond = perSignal(() => 0)
  #second = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  keep(batch: OtlpBatch): void {
    const { signal } = batch
    const second = Math.floor(this.#clock.monotonic() / 1000)
    if (second !== this.#second) for (const one of OTLP_SIGNALS) this.#inSecond[one] = 0
    this.#second = second
    if (++this.#inSecond[signal] > PER_SECOND_MAX) return
    const kept = this.#kept[signal]
    const sample = sampleOf(batch, this.#clock.now(), BYTES_MAX)
    kept.push(sample)
    this.#bytes[signal] += sizeOf(sample)
    while (kept.length > KEPT_MAX || this.#bytes[signal] > KEPT_BYTES_MAX) {
      this.#bytes[signal] -= sizeOf(kept.shift()!)
    }
  }

  /** Signal by signal. */
  list(): readonly Sample[] {
    return OTLP_SIGNALS.flatMap((signal) => this.#kept[signal])
  }
}

function sizeOf({ chunks }: Sample): number {
  return chunks.reduce((sum, { length }) => sum + length, 0)
}
