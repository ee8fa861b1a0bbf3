import {
  Deliveries,
  type DeliverySettings,
  ENDPOINT_ADVICE,
  type Endpoint,
  namesOf,
  placeOf,
} from '#queue'
import { type ArgumentsOf, type Component, type Consumer, type Context, defineExporter } from '#sdk'
import { type EndpointValues, schema } from './arguments.js'
import { LokiEndpoint } from './loki-endpoint.js'

export default defineExporter({
  name: 'loki.write',
  stability: 'generally-available',
  about: "Delivers log entries by Loki's push API.",
  schema,
  accepts: ['entries'],
  create: (context, values): Component & Consumer<'entries'> =>
    new Deliveries(context, endpointsOf(context, values)),
})

function endpointsOf(
  context: Context,
  { endpoint, external_labels }: ArgumentsOf<typeof schema>,
): readonly Endpoint<'entries'>[] {
  const names = namesOf(endpoint)
  return endpoint.map((values, index) => {
    const { name, queue } = names[index]!
    const destination = new LokiEndpoint(context, values, external_labels)
    const { host } = new URL(values.url)
    const labels = { endpoint: name, host }
    return { settings: settingsOf(queue, values, destination), destination, labels }
  })
}

function settingsOf(
  endpoint: string | undefined,
  values: EndpointValues,
  destination: LokiEndpoint,
): DeliverySettings<'entries'> {
  const { queue_config: config, batch_size: size } = values
  const { limits, disk } = placeOf(config, config.capacity)
  return {
    signals: ['entries'],
    endpoint,
    advice: ENDPOINT_ADVICE,
    observe: (meter, figures) => destination.observe(meter, figures),
    retry: {
      enabled: true,
      initialMs: values.min_backoff_period,
      maxMs: values.max_backoff_period,
      multiplier: 2,
      randomization: 0.1,
      maxElapsedMs: 0,
      maxAgeMs: 0,
    },
    queue: {
      limits: {
        ...limits,
        sizer: 'bytes',
        whenFull: config.when_full ?? (config.block_on_overflow ? 'wait' : 'refuse'),
        waitForResult: false,
      },
      batch: { minSize: size, maxSize: size, flushTimeoutMs: values.batch_wait, sizer: 'bytes' },
      consumers: config.min_shards,
      disk,
    },
  }
}
