export { openDiskQueue, openMemoryQueue, type QueuePlace } from './open-queue.js'
export type { BatchLimits, Delivery, Queue, QueueLimits, Sizer, WhenFull } from './queue.js'
export { type RetryPolicy, Sender, type SenderOptions } from './sender.js'
