export { Deliveries, type Endpoint } from './deliveries.js'
export {
  Delivery,
  type DeliveryFigures,
  type DeliverySettings,
  type Destination,
} from './delivery.js'
export {
  durabilityFields,
  ENDPOINT_ADVICE,
  type EndpointName,
  endpointName,
  namesOf,
  placeOf,
  repeatedNames,
} from './endpoint-block.js'
export { type LeftQueue, LeftQueues } from './left-queues.js'
export { openDiskQueue, openMemoryQueue, type QueuePlace } from './open-queue.js'
export type { Damage } from './quarantine.js'
export type { Queue, QueueLimits, Sizer, WhenFull } from './queue.js'
export {
  checkFiles,
  endpointFolder,
  findQueues,
  measureFiles,
  peekFiles,
  type QueueFiles,
  type SegmentCheck,
} from './queue-files.js'
export { observeQueue } from './queue-metrics.js'
export type { Flaw } from './segment-file.js'
export { type RetryPolicy, Sender, type SenderOptions } from './sender.js'
export {
  dropFiles,
  moveFiles,
  type QueueWorld,
  repairFiles,
  requeueFiles,
  withStopped,
} from './stopped-queue.js'
export { TendedQueue } from './tended-queue.js'
