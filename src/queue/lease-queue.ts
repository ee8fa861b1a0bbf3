import type { Signal } from '#pdata'
import { type Context, type Handle, isExpected, Permanent, Retryable } from '#sdk'
import type { QueueAdvice } from './delivery.js'
import { openDiskQueue, openMemoryQueue } from './open-queue.js'
import type { Queue } from './queue.js'
import { endpointFolder } from './queue-files.js'

/** A queue, and the folder that has its files; undefined in memory. */
export interface Leased {
  readonly queue: Queue
  readonly folder: string | undefined
}

interface Place {
  readonly endpoint: string | undefined
  readonly bytesMax: number
  readonly disk:
    | { readonly deadBytesMax: number; readonly storage: Handle<'storage'> | undefined }
    | undefined
  readonly advice: QueueAdvice
}

/** The queue of a component for one signal and one destination: a new one, or that of before. */
export async function leaseQueue(context: Context, signal: Signal, place: Place): Promise<Leased> {
  const { id, resources, storagePath } = context
  const { endpoint, disk, bytesMax, advice } = place
  if (!disk) {
    const key = ['queue', id, ...(endpoint === undefined ? [] : [endpoint]), signal].join(' ')
    const open = async () => openMemoryQueue(context, signal)
    return { queue: await resources.lease<Queue>(key, open), folder: undefined }
  }
  const { storage, deadBytesMax } = disk
  const own = storage ? `${storage.current.folder}/${id}` : storagePath
  const folder = endpoint === undefined ? own : endpointFolder(own, endpoint)
  const open = async () => openDiskQueue(context, signal, { folder, bytesMax, deadBytesMax })
  try {
    return { queue: await resources.lease<Queue>(`queue ${folder} ${signal}`, open), folder }
  } catch (error) {
    throw unusable(error, folder, storage, advice)
  }
}

/** Says what to do besides. */
function unusable(
  error: unknown,
  folder: string,
  storage: Handle<'storage'> | undefined,
  advice: QueueAdvice,
): unknown {
  if (!isExpected(error)) return error
  const place = storage ? `another directory for ${storage.owner}` : 'another --storage.path'
  const text = `its queue cannot be kept in ${folder}: ${error.message}; make that possible, give \
${place}, or ${advice.inMemory}`
  const options = { cause: error.cause }
  return error instanceof Permanent ? new Permanent(text, options) : new Retryable(text, options)
}
