import { ClassicHistograms } from './classic-histograms.js'
import { OpenMetricsText } from './openmetrics-text.js'
import type { ExpositionOptions, ExpositionParser } from './options.js'
import { PrometheusText } from './prometheus-text.js'
import { ProtobufParser } from './protobuf-parser.js'
import type { ExpositionSink } from './sink.js'
import { TextLines } from './text-lines.js'
import { TextParser } from './text-parser.js'

export const FORMATS = ['PrometheusText', 'OpenMetricsText', 'PrometheusProto'] as const
export type ExpositionFormat = (typeof FORMATS)[number]

/** A parser for one body. What is wrong with it is thrown as a MalformedExposition. */
export function createExpositionParser(
  format: ExpositionFormat,
  sink: ExpositionSink,
  options: ExpositionOptions = {},
): ExpositionParser {
  if (format === 'PrometheusProto') return new ProtobufParser(sink, options)
  const into = options.convertClassicHistograms ? new ClassicHistograms(sink, options) : sink
  const isOpenMetrics = format === 'OpenMetricsText'
  const lines = new TextLines(into, options, isOpenMetrics)
  if (!isOpenMetrics) {
    return new TextParser(new PrometheusText(lines), { completes: true, holdsFamilies: false })
  }
  const createdLines = options.createdLines ?? false
  return new TextParser(new OpenMetricsText(lines, createdLines), {
    completes: false,
    holdsFamilies: createdLines,
  })
}
