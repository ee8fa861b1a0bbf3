import type { RelayCase } from './relay.js'

const REQUESTS = 20_000
/** Compressing takes the sender longer than the agent; the compiler should be done all the same. */
const GZIP_REQUESTS = 12_000

/** Every one sends 100-span requests in and batches of 8192 spans out, by gRPC. */
export const RELAY_CASES: readonly RelayCase[] = [
  {
    name: 'pass-through, queue in memory',
    durability: 'memory',
    compression: 'none',
    limit: 1.9,
    formerLimit: 2.3,
    rssLimit: 220,
    requests: REQUESTS,
  },
  {
    name: 'pass-through, queue on disk',
    durability: 'disk',
    compression: 'none',
    limit: 2.6,
    rateLimit: 250,
    rssLimit: 220,
    loopLimitMs: 25,
    requests: REQUESTS,
  },
  {
    name: 'setting a resource attribute and hashing a span attribute, queue in memory',
    durability: 'memory',
    compression: 'none',
    pipeline: {
      river: `
otelcol.processor.attributes "a" {
  resource_action {
    key    = "deployment.environment"
    value  = "bench"
    action = "upsert"
  }
  action {
    key    = "enduser.id"
    action = "hash"
  }
  output { traces = [otelcol.processor.batch.b.input] }
}
`,
      next: 'otelcol.processor.attributes.a.input',
    },
    limit: 4.5,
    requests: REQUESTS,
  },
  {
    name: 'gzip in, gzip out at level 1, queue in memory',
    durability: 'memory',
    compression: 'gzip',
    limit: 5.5,
    requests: GZIP_REQUESTS,
  },
]
