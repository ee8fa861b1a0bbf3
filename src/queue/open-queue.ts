import type { Signal } from '#pdata'
import { type Context, roundSize } from '#sdk'
import { DeadLetters } from './dead-letters.js'
import { DiskStore, type DiskStoreOptions } from './disk-store.js'
import { MemoryStore } from './memory-store.js'
import type { Damage } from './quarantine.js'
import type { QueueEvents } from './queue.js'
import { SendingQueue } from './sending-queue.js'

/** Where a durable queue keeps its files. */
export interface QueuePlace {
  /** Of the component: `queue/SIGNAL` and `dead/SIGNAL` are made in it. */
  readonly folder: string
  /** What the queue may take of the disk. */
  readonly bytesMax: number
  /** What its dead letters may take; 0 for none. */
  readonly deadBytesMax: number
}

const SEGMENT_BYTES_MAX = 64 * 1024 * 1024
const SEGMENT_BYTES_MIN = 64 * 1024
/** Space comes back by the segment: so many make up the whole. */
const SEGMENTS = 16
/** Of newest data in memory besides, so that it need not be read again. */
const MEMORY_BYTES = 16 * 1024 * 1024

/** A queue that is lost with the process. */
export function openMemoryQueue(context: Context, signal: Signal): SendingQueue {
  const { clock, budget } = context
  const store = new MemoryStore(clock, budget.share())
  return new SendingQueue(clock, signal, store, eventsOf(context, signal))
}

/**
 * A queue on disk, with what it held when the agent last ended: that enters the ledger. Rejects
 * with `Retryable` when the folder cannot be used, and with `Permanent` when it is of a newer
 * format.
 */
export async function openDiskQueue(
  context: Context,
  signal: Signal,
  place: QueuePlace,
): Promise<SendingQueue> {
  const { clock, disk, random, ledger, log, budget } = context
  let queue: SendingQueue | undefined
  const options = (kind: string, bytesMax: number, memoryBytes: number): DiskStoreOptions => ({
    disk,
    clock,
    random,
    folder: `${place.folder}/${kind}/${signal}`,
    segmentBytes: segmentBytes(bytesMax),
    memoryBytes,
    memory: budget.share(),
    events: {
      damaged: (damage) => noteDamage(context, signal, kind, damage, queue === undefined),
      freed: () => queue?.freed(),
    },
  })
  const store = await DiskStore.open(options('queue', place.bytesMax, MEMORY_BYTES))
  try {
    const dead =
      place.deadBytesMax > 0
        ? await DeadLetters.open(options('dead', place.deadBytesMax, 0), place.deadBytesMax, (n) =>
            log.warn('the oldest dead letters made room for newer ones', { signal, items: n }),
          )
        : undefined
    queue = new SendingQueue(clock, signal, store, eventsOf(context, signal), dead)
  } catch (error) {
    await store.close()
    throw error
  }
  const { requests, items, bytes } = store.waiting
  if (requests > 0) {
    ledger.enter(signal, items)
    log.info('goes on with what was on disk', { signal, items, bytes: roundSize(bytes) })
  }
  return queue
}

function segmentBytes(bytesMax: number): number {
  return Math.max(SEGMENT_BYTES_MIN, Math.min(SEGMENT_BYTES_MAX, Math.floor(bytesMax / SEGMENTS)))
}

function eventsOf({ ledger, log }: Context, signal: Signal): QueueEvents {
  return {
    lost(items) {
      ledger.drop(signal, items, 'shutdown')
      log.error('gave up data that could not be delivered in time', { signal, items })
    },
    repeated: (items) => ledger.enter(signal, items),
    crowdedOut: (items) => ledger.drop(signal, items, 'queue full'),
    putAway: (items) => ledger.putAway(signal, items),
    troubled: (error) => {
      log.error('cannot read what is queued on disk', { signal, error: (error as Error).message })
    },
  }
}

function noteDamage(
  { ledger, log, meter }: Context,
  signal: Signal,
  kind: string,
  damage: Damage,
  isOpening: boolean,
): void {
  const { path, offset, bytes, items } = damage
  if (damage.kind === 'torn') {
    log.warn('cut off the end of a write that was under way when the agent last ended', {
      path,
      offset,
      bytes,
    })
    return
  }
  const labels = { data_type: signal, store: kind }
  meter.counter('weir_queue_damaged_records', 'Records that could not be read.', labels).add(1)
  const what = damage.kind === 'segment' ? 'a file of the queue' : 'a record on disk'
  log.error(`${what} is damaged; it was put in the folder quarantine`, {
    path,
    offset,
    bytes,
    items: items ?? 'unknown',
  })
  if (kind !== 'queue' || items === undefined) return
  if (isOpening) ledger.enter(signal, items)
  ledger.drop(signal, items, 'damaged on disk')
}
