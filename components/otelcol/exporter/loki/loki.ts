import { attributes, defineProcessor, forwardTo } from '#sdk'
import { Converter } from '../../shared/converter.js'
import { LogsToEntries } from '../../shared/loki/logs-to-entries.js'

export default defineProcessor({
  name: 'otelcol.exporter.loki',
  stability: 'generally-available',
  about: 'Makes log entries of log records and hands them to components of Loki.',
  schema: attributes({ forward_to: forwardTo('entries') }),
  accepts: ['logs'],
  create: (context, _, next) => {
    const entries = new LogsToEntries(() => context.clock.now())
    return new Converter(context, next, 'entries', (batch) => ({
      batch: entries.convert(batch),
    }))
  },
})
