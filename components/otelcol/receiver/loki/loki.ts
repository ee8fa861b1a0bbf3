import { attributes, defineProcessor, output } from '#sdk'
import { Converter } from '../../shared/converter.js'
import { EntriesToLogs } from '../../shared/loki/entries-to-logs.js'

export default defineProcessor({
  name: 'otelcol.receiver.loki',
  stability: 'generally-available',
  about: 'Makes log records of log entries and hands them to components of OpenTelemetry.',
  schema: attributes({ output }),
  accepts: ['entries'],
  create: (context, _, next) => {
    const logs = new EntriesToLogs()
    return new Converter(context, next, 'logs', (batch) => ({
      batch: logs.convert(batch),
    }))
  },
})
