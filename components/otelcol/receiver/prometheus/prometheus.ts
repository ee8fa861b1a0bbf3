import { attributes, defineProcessor, output } from '#sdk'
import { debugMetrics } from '../../shared/blocks.js'
import { Converter } from '../../shared/converter.js'
import { metricsFromSamples } from '../../shared/prometheus/from-samples.js'

const schema = attributes({ output, debug_metrics: debugMetrics })

const NAME = 'otelcol.receiver.prometheus'

export default defineProcessor({
  name: NAME,
  stability: 'generally-available',
  about: 'Makes OTLP metrics of Prometheus samples.',
  schema,
  accepts: ['samples'],
  create: (context, _, next) =>
    new Converter(context, next, 'metrics', (samples) => {
      const { metrics, dropped } = metricsFromSamples(samples, NAME)
      return { batch: metrics, dropped }
    }),
})
