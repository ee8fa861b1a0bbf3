import type { Batch } from '#pdata'
import {
  type ArgumentsOf,
  attributes,
  boolean,
  type Context,
  defineProcessor,
  duration,
  forwardTo,
} from '#sdk'
import { debugMetrics } from '../../shared/blocks.js'
import { Converter } from '../../shared/converter.js'
import { SamplesFromMetrics } from '../../shared/prometheus/to-samples.js'

const schema = attributes({
  forward_to: forwardTo('samples'),
  add_metric_suffixes: boolean({
    default: true,
    about: 'Ends names with unit and type: `_seconds`, `_total`, `_ratio`.',
  }),
  include_target_info: boolean({
    default: true,
    about: 'Adds a series target_info for each resource, with its attributes as labels.',
  }),
  include_scope_info: boolean({
    default: false,
    about: 'Adds a series otel_scope_info for each scope, with its attributes as labels.',
  }),
  include_scope_labels: boolean({
    default: true,
    about: 'Adds otel_scope_name and otel_scope_version to all series.',
  }),
  keep_identifying_resource_attributes: boolean({
    default: false,
    about: 'Whether target_info has the attributes that job and instance are made of, too.',
  }),
  resource_to_telemetry_conversion: boolean({
    default: false,
    about: 'Adds the attributes of the resource to all series.',
  }),
  honor_metadata: boolean({
    default: false,
    about: 'Sends on type, help and unit of each metric family, with each batch.',
  }),
  gc_frequency: duration({
    default: '5m',
    min: '1ms',
    about: 'How often it forgets what it remembers of resources, scopes and keys.',
  }),
  debug_metrics: debugMetrics,
})

export default defineProcessor({
  name: 'otelcol.exporter.prometheus',
  stability: 'generally-available',
  about: 'Makes Prometheus samples of OTLP metrics.',
  schema,
  accepts: ['metrics'],
  create: (context, values, next) =>
    new Converter(context, next, 'samples', convertWith(context, values)),
})

/** Forgets now and then what it remembers. */
function convertWith({ clock }: Context, values: ArgumentsOf<typeof schema>) {
  const translator = new SamplesFromMetrics(values)
  let forgotAt = clock.monotonic()
  return (metrics: Batch<'metrics'>) => {
    const now = clock.monotonic()
    if (now - forgotAt >= values.gc_frequency) {
      translator.forget()
      forgotAt = now
    }
    const { samples, dropped } = translator.translate(metrics)
    return { batch: samples, dropped }
  }
}
