import type { logs } from '@opentelemetry/sdk-node'
import type { LogLevel, LogLine } from './logger.js'
import type { OwnData } from './own-data.js'

type OtelLogger = ReturnType<logs.LoggerProvider['getLogger']>

/** SeverityNumber of the logs data model. */
const SEVERITY: Readonly<Record<LogLevel, number>> = { debug: 5, info: 9, warn: 13, error: 17 }

/** Makes records of log lines, but of those about the sending of log records. */
export function lineSink(logger: OtelLogger, own: OwnData): (line: LogLine) => void {
  return ({ level, message, fields }) => {
    const component = fields['component_id']
    if (typeof component === 'string' && own.carries(component)) return
    logger.emit({
      severityNumber: SEVERITY[level],
      severityText: level,
      body: message,
      attributes: attributesOf(fields),
    })
  }
}

/** As the line has it: secrets show as "(secret)", what is not there is left out. */
function attributesOf(fields: LogLine['fields']): Record<string, string | number | boolean> {
  const attributes: Record<string, string | number | boolean> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue
    const isPlain = ['string', 'number', 'boolean'].includes(typeof value)
    attributes[name] = isPlain ? (value as string) : (JSON.stringify(value) ?? '')
  }
  return attributes
}
