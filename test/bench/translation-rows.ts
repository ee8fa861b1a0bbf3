/** OTLP to what Prometheus and Loki are sent, before it is compressed: CPU time, one core. */
import { encodeWriteTwo, receiveBatch } from '#pdata'
import { sampleRequest } from '#support'
import { LogsToEntries } from '../../components/otelcol/shared/loki/logs-to-entries.js'
import { SamplesFromMetrics } from '../../components/otelcol/shared/prometheus/to-samples.js'
import { counterRequest } from '../support/otlp.js'
import { median, type Row } from './rows.js'

const ITEMS = 8192
/** In one round, so that the clock of CPU time counts little. */
const REPEATS = 40
const POINTS_MIN = 400_000
const RECORDS_MIN = 700_000
const FEW_ATTRIBUTES = 4
const MANY_ATTRIBUTES = 10

export function translationRows(rounds: number): readonly Row[] {
  const few = rateOf(rounds, entriesOf(FEW_ATTRIBUTES))
  const rich = rateOf(rounds, entriesOf(MANY_ATTRIBUTES))
  const one = rateOf(rounds, samplesOf(FEW_ATTRIBUTES))
  const many = rateOf(rounds, samplesOf(MANY_ATTRIBUTES))
  const two = rateOf(rounds, writeTwoOf(FEW_ATTRIBUTES))
  return [
    rowOf(
      `OTLP log records with ${FEW_ATTRIBUTES} attributes to a push to Loki`,
      few,
      RECORDS_MIN,
      `lines of JSON with all of it; ${thousands(rich)} k/s with ${MANY_ATTRIBUTES}`,
    ),
    rowOf(
      `OTLP points with ${FEW_ATTRIBUTES} attributes to remote-write 1.0`,
      one,
      POINTS_MIN,
      `${thousands(many)} k/s with ${MANY_ATTRIBUTES}`,
    ),
    rowOf(
      'the same to remote-write 2.0',
      two,
      POINTS_MIN,
      'by way of 1.0, which is what queues keep',
    ),
  ]
}

function rowOf(name: string, perSecond: number, least: number, note: string): Row {
  return {
    name,
    value: `${thousands(perSecond)} k/s`,
    limit: `>= ${least / 1000} k/s`,
    note,
    ok: perSecond >= least,
  }
}

function thousands(perSecond: number): string {
  return (perSecond / 1000).toFixed(0)
}

function entriesOf(attributes: number): () => unknown {
  const logs = receiveBatch('logs', sampleRequest('logs', { items: ITEMS, attributes }))
  const converter = new LogsToEntries(() => 0)
  return () => converter.convert(logs)
}

function samplesOf(attributes: number) {
  const metrics = receiveBatch('metrics', counterRequest(ITEMS, attributes))
  const translator = new SamplesFromMetrics({
    ...{ add_metric_suffixes: true, include_target_info: true, include_scope_info: false },
    ...{ include_scope_labels: true, keep_identifying_resource_attributes: false },
    ...{ resource_to_telemetry_conversion: false, honor_metadata: false },
  })
  return () => translator.translate(metrics).samples
}

function writeTwoOf(attributes: number): () => unknown {
  const toSamples = samplesOf(attributes)
  return () => encodeWriteTwo(toSamples(), () => undefined)
}

/** Items a second, the median of the rounds; the first only warms up. */
function rateOf(rounds: number, run: () => unknown): number {
  const rates: number[] = []
  for (let round = 0; round <= rounds; round++) {
    const before = process.cpuUsage()
    for (let n = 0; n < REPEATS; n++) run()
    const { user, system } = process.cpuUsage(before)
    rates.push((ITEMS * REPEATS * 1e6) / (user + system))
  }
  return median(rates.slice(1))
}
