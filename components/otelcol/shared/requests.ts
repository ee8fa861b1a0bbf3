/** What the components that speak OTLP have in common. */
import type { OtlpSignal } from '#pdata'
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

/** What an answer says of items that were not taken; a mere warning is logged. */
export function rejectionIn(
  { log }: Context,
  signal: OtlpSignal,
  read: () => PartialSuccess | undefined,
): PartialSuccess | undefined {
  try {
    const partial = read()
    if (partial && partial.rejected === 0) {
      log.warn('the destination has a remark on a delivery', { signal, reason: partial.message })
    }
    return partial
  } catch (error) {
    // The data was taken: what cannot be read of the answer changes nothing.
    log.warn('cannot read the answer to a delivery', { signal, error: messageOf(error) })
    return undefined
  }
}
