import { Deliveries, type DeliverySettings, type Endpoint } from '#queue'
import type { Component, Consumer } from '#sdk'
import { type ArgumentsOf, type Context, defineExporter } from '#sdk'
import { type EndpointName, type EndpointValues, namesOf, schema } from './arguments.js'
import { Outgoing } from './outgoing.js'
import { WriteEndpoint } from './write-endpoint.js'

export default defineExporter({
  name: 'prometheus.remote_write',
  stability: 'generally-available',
  about: 'Delivers samples by the remote-write protocol of Prometheus.',
  schema,
  accepts: ['samples'],
  create: (context, values): Component & Consumer<'samples'> =>
    new Deliveries(context, endpointsOf(context, values)),
})

function endpointsOf(
  context: Context,
  { endpoint, external_labels }: ArgumentsOf<typeof schema>,
): readonly Endpoint<'samples'>[] {
  const names = namesOf(endpoint)
  return endpoint.map((values, index) => {
    const named = names[index]!
    const labels = { remote_name: named.name, url: shownUrl(values.url) }
    const outgoing = new Outgoing(context, values, external_labels)
    const destination = new WriteEndpoint(context, values, outgoing)
    return {
      settings: settingsOf(named, values, destination),
      destination,
      labels,
      prepare: (batch) => outgoing.prepare(batch),
      dropReason: 'filtered',
    }
  })
}

const ADVICE = {
  full: 'give queue_config more room',
  elsewhere: '--storage.path',
  inMemory: 'write queue_config { durability = "memory" }',
} as const

function settingsOf(
  { queue: endpoint }: EndpointName,
  { queue_config: config }: EndpointValues,
  destination: WriteEndpoint,
): DeliverySettings<'samples'> {
  const isOnDisk = config.durability === 'disk'
  const { capacity, max_shards, max_samples_per_send, sample_age_limit: ageMax } = config
  return {
    signals: ['samples'],
    endpoint,
    advice: ADVICE,
    observe: (meter, figures) => destination.observe(meter, figures),
    retry: {
      enabled: true,
      initialMs: config.min_backoff,
      maxMs: config.max_backoff,
      multiplier: 2,
      randomization: 0.1,
      maxElapsedMs: ageMax,
      maxAgeMs: ageMax,
    },
    queue: {
      limits: {
        size: isOnDisk ? Number.POSITIVE_INFINITY : capacity * max_shards,
        sizer: 'items',
        storedBytes: isOnDisk ? config.max_disk_size : Number.POSITIVE_INFINITY,
        whenFull: config.when_full,
        waitForResult: false,
        lanes: { lanesMax: max_shards, itemsMax: max_samples_per_send },
      },
      batch: {
        // As much as all lanes take at once; a request's worth need not wait.
        minSize: max_samples_per_send * max_shards,
        maxSize: 0,
        flushTimeoutMs: config.batch_send_deadline,
        sizer: 'items',
      },
      consumers: max_shards,
      disk: isOnDisk ? { deadBytesMax: config.dead_letter_size, storage: undefined } : undefined,
    },
  }
}

/** Labels are for everybody. */
function shownUrl(text: string): string {
  const url = new URL(text)
  url.username = ''
  url.password = ''
  return url.href
}
