/** Prometheus series and Loki streams as a busy service has them. */
import type { Plain } from './otlp-oracle.js'

const START_MS = 1_700_000_000_000

/**
 * A WriteRequest with so many samples and histograms, in series of one to three. Besides, as few
 * senders do: a series with an exemplar alone, and metadata.
 */
export function sampleSeries(items: number, labels: number, random: () => number): Plain {
  const timeseries: Plain[] = []
  for (let left = items; left > 0; ) {
    const index = timeseries.length
    const count = Math.min(left, 1 + (index % 3))
    timeseries.push(series(index, count, labels, random))
    left -= count
  }
  timeseries.push({ labels: labelsOf('exemplar_only', 1, 7), exemplars: [exemplar(random)] })
  return {
    timeseries,
    metadata: [
      { type: 1, metricFamilyName: 'requests_total', help: 'Requests, all of them.', unit: '' },
      { type: 3, metricFamilyName: 'request_duration_seconds', help: '"Dauer"', unit: 'seconds' },
    ],
  }
}

/** The same as a request of remote-write 2.0. */
export function symbolized({ timeseries, metadata }: Plain): Plain {
  const symbols = ['']
  const refOf = (text: string) => {
    const found = symbols.indexOf(text)
    return found >= 0 ? found : symbols.push(text) - 1
  }
  const refsOf = (labels: Plain[]) =>
    labels.flatMap(({ name, value }) => [refOf(name as string), refOf(value as string)])
  const all = (timeseries as Plain[]).map(({ labels, exemplars = [], ...rest }) => {
    const [{ value: family }] = labels
    const about = (metadata as Plain[]).find((one) => one['metricFamilyName'] === family)
    return {
      ...rest,
      labelsRefs: refsOf(labels),
      exemplars: exemplars.map(({ labels, ...others }: Plain) => ({
        ...others,
        labelsRefs: refsOf(labels),
      })),
      ...(about && {
        metadata: {
          type: about['type'],
          helpRef: refOf(about['help']),
          unitRef: refOf(about['unit']),
        },
      }),
    }
  })
  return { symbols, timeseries: all }
}

function series(index: number, count: number, labels: number, random: () => number): Plain {
  const isHistogram = index % 5 === 4
  const points = Array.from({ length: count }, (_, n) =>
    isHistogram ? histogram(START_MS + n * 15_000, index) : sample(START_MS + n * 15_000, random),
  )
  const name = isHistogram ? 'request_duration_seconds' : 'requests_total'
  return {
    labels: labelsOf(name, labels, index),
    ...(isHistogram ? { histograms: points } : { samples: points }),
    ...(index % 7 === 3 && { exemplars: [exemplar(random), exemplar(random)] }),
    ...(index % 4 === 1 && { createdTimestamp: String(START_MS - 60_000) }),
  }
}

/** In the order of their names. */
function labelsOf(name: string, count: number, index: number): Plain[] {
  const others = Array.from({ length: count - 1 }, (_, n) => ({
    name: `label_${String(n).padStart(2, '0')}`,
    value: n % 3 === 2 ? `grün-${index}` : `value of ${n} in series ${index}`,
  }))
  return [{ name: '__name__', value: name }, ...others]
}

function sample(timestamp: number, random: () => number): Plain {
  return { value: Math.round(random() * 1e6) / 8, timestamp: String(timestamp) }
}

function exemplar(random: () => number): Plain {
  const id = Math.floor(random() * 2 ** 32).toString(16)
  return {
    labels: [{ name: 'trace_id', value: id }],
    value: random(),
    timestamp: String(START_MS),
  }
}

/** Of integers, of floats and with buckets of its own in turn. */
function histogram(timestamp: number, index: number): Plain {
  const common = { sum: index / 2, timestamp: String(timestamp), resetHint: index % 4 }
  if (index % 3 === 0) {
    return {
      ...{ ...common, schema: -53, countInt: '7', customValues: [0.5, 1, 2.5] },
      ...{ positiveSpans: [{ length: 3 }], positiveDeltas: ['1', '2', '-1'] },
    }
  }
  const spans = [
    { offset: -2, length: 2 },
    { offset: 3, length: 1 },
  ]
  if (index % 3 === 1) {
    return {
      ...{ ...common, schema: 3, zeroThreshold: 1e-128, countFloat: 4.5, zeroCountFloat: 0.5 },
      ...{ positiveSpans: spans, positiveCounts: [1, 2, 1], negativeSpans: [], negativeCounts: [] },
    }
  }
  return {
    ...{ ...common, schema: -1, zeroThreshold: 1e-128, countInt: '12', zeroCountInt: '300' },
    ...{ negativeSpans: spans, negativeDeltas: ['1', '-1', '9007199254740993'] },
  }
}

/** A PushRequest with so many lines, every third with structured metadata. */
export function sampleStreams(
  items: number,
  labels: number,
  streams: number,
  random: () => number,
): Plain {
  const pairs = Array.from({ length: labels }, (_, n) => `label_${n}="value ${n}"`)
  return {
    streams: Array.from({ length: streams }, (_, n) => ({
      labels: `{job="checkout-${n}", ${pairs.join(', ')}}`,
      entries: Array.from({ length: Math.floor((items + n) / streams) }, (_, index) =>
        entry(index, random),
      ),
      ...(n % 2 === 1 && { hash: '12345678901234567890' }),
    })),
  }
}

function entry(index: number, random: () => number): Plain {
  return {
    timestamp: { seconds: String(1_700_000_000 + index), nanos: Math.floor(random() * 1e9) },
    line: `level=info msg="order was handled" duration=${Math.floor(random() * 900)}ms`,
    ...(index % 3 === 0 && {
      structuredMetadata: [
        { name: 'trace_id', value: Math.floor(random() * 2 ** 32).toString(16) },
        { name: 'straße', value: 'Ü' },
      ],
    }),
  }
}
