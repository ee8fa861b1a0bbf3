export { MemoryQueue } from './memory-queue.js'
export type { BatchLimits, Delivery, Queue, QueueLimits, Sizer } from './queue.js'
export { type RetryPolicy, Sender, type SenderOptions } from './sender.js'
