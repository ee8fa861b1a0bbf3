/** What the components that speak OTLP have in common. */
import type { Batch } from '#pdata'
import { type Context, messageOf, type Secret } from '#sdk'
import type { PartialSuccess } from '#wire'

export const USER_AGENT = 'weir'

/** The methods of the OTLP services. */
export const GRPC_PATHS = {
  traces: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  metrics: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
  logs: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
} as const

export function lowerCaseNames(headers: ReadonlyMap<string, Secret>): ReadonlyMap<string, string> {
  return new Map([...headers].map(([name, value]) => [name.toLowerCase(), value.reveal()]))
}

/** How many items an answer says were not taken. What it warns of is logged. */
export function rejectedItems(
  { log }: Context,
  { signal, items }: Batch,
  read: () => PartialSuccess | undefined,
): number {
  let partial: PartialSuccess | undefined
  try {
    partial = read()
  } catch (error) {
    // The data was taken: what cannot be read of the answer changes nothing.
    log.warn('cannot read the answer to a delivery', { signal, error: messageOf(error) })
    return 0
  }
  if (!partial) return 0
  const { rejected, message } = partial
  log.warn('the destination took part of a delivery', { signal, rejected, reason: message })
  return Math.min(rejected, items)
}
