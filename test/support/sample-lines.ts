import { decodePairs, metadataOf, type SampleBatch, SampleReader } from '#pdata'
import { decodeMessage } from './otlp-oracle.js'

/**
 * A batch as lines to compare: `name{label="value"} value @time`, with exemplars, native histograms
 * and creation times behind them, and metadata last.
 */
export function sampleLines(batch: SampleBatch): readonly string[] {
  const lines: string[] = []
  const reader = new SampleReader(batch)
  while (reader.nextSeries()) {
    const { bytes, labelsStart, labelsEnd } = reader
    const labels = labelText(decodePairs(bytes, labelsStart, labelsEnd))
    const since = reader.createdTimestampMs === 0 ? '' : ` since ${reader.createdTimestampMs}`
    while (reader.nextPoint()) {
      const point = bytes.subarray(reader.pointBody, reader.pointEnd)
      if (reader.kind === 'exemplar') {
        const { labels = [], value = 0, timestamp = 0 } = decodeMessage('SeriesExemplar', point)
        const pairs = (labels as Record<string, string>[]).flatMap(({ name, value }) => [
          name!,
          value!,
        ])
        lines.push(`  # ${labelText(pairs)} ${value} @${timestamp}`)
      } else if (reader.kind === 'histogram') {
        const { timestamp = 0, ...rest } = decodeMessage('NativeHistogram', point)
        lines.push(`${labels} ${nativeText(rest)} @${timestamp}${since}`)
      } else {
        const value = reader.isStale ? 'stale' : String(reader.value)
        lines.push(`${labels} ${value} @${reader.timestampMs}${since}`)
      }
    }
  }
  for (const { type, family, help, unit } of metadataOf(batch)) {
    lines.push(`# ${family} type=${type} unit=${unit} help=${help}`)
  }
  return lines
}

function labelText(pairs: readonly string[]): string {
  let name = ''
  const labels: string[] = []
  for (let n = 0; n < pairs.length; n += 2) {
    if (pairs[n] === '__name__') name = pairs[n + 1]!
    else labels.push(`${pairs[n]}=${JSON.stringify(pairs[n + 1])}`)
  }
  return `${name}{${labels.join(',')}}`
}

/** A decoded NativeHistogram, its fields in the order of their names. */
export function nativeText(native: object): string {
  return JSON.stringify(Object.fromEntries(Object.entries(native).sort()))
}
