import {
  Deliveries,
  type DeliverySettings,
  ENDPOINT_ADVICE,
  type Endpoint,
  type EndpointName,
  namesOf,
  placeOf,
} from '#queue'
import { type ArgumentsOf, type Component, type Consumer, type Context, defineExporter } from '#sdk'
import { type EndpointValues, schema } from './arguments.js'
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

function settingsOf(
  { queue: endpoint }: EndpointName,
  { queue_config: config }: EndpointValues,
  destination: WriteEndpoint,
): DeliverySettings<'samples'> {
  const { capacity, max_shards, max_samples_per_send, sample_age_limit: ageMax } = config
  const { limits, disk } = placeOf(config, capacity * max_shards)
  return {
    signals: ['samples'],
    endpoint,
    advice: ENDPOINT_ADVICE,
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
        ...limits,
        sizer: 'items',
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
      disk,
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
