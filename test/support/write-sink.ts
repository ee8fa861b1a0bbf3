/** A server of remote-write that a test scripts, and samples as lines: `up{job="a"} 1@1000`. */
import { HTTP_SERVER_DEFAULTS, type HttpAnswer, type HttpRequest, httpOffer, Listener } from '#net'
import { type Batch, receiveBatch } from '#pdata'
import type { World } from '../contract/world.js'
import { backendClock, onBackendBug } from './backend.js'
import { decodeMessage, encodeMessage, type Plain } from './otlp-oracle.js'

export const WRITE_TYPE_2 = 'application/x-protobuf;proto=io.prometheus.write.v2.Request'

export interface WriteRequest {
  readonly path: string
  /** A line for each sample, histogram and exemplar, in order. */
  readonly lines: readonly string[]
  /** As `name type help unit`. */
  readonly metadata: readonly string[]
  readonly decoded: Plain
  header(name: string): string | undefined
}

/** Listens on an address; keeps what it answers with 2xx in `taken`. */
export async function writeSink(
  { network }: World,
  address = { host: 'mimir', port: 9009 },
  path = '/api/v1/push',
) {
  const requests: WriteRequest[] = []
  const taken: string[] = []
  const sink = {
    /** All requests, in the order of their coming. */
    requests,
    /** Lines of what was answered with 2xx. */
    taken,
    answer: async (_: WriteRequest): Promise<HttpAnswer> => ({ status: 204 }),
    close: () => listener.close(AbortSignal.abort()),
  }
  const handle = async ({ body, header, path: asked }: HttpRequest) => {
    const isTwo = header('content-type') === WRITE_TYPE_2
    const decoded = decodeMessage(isTwo ? 'WriteRequestV2' : 'WriteRequest', body)
    const request = {
      path: asked,
      header,
      decoded,
      ...(isTwo ? readTwo(decoded) : readOne(decoded)),
    }
    requests.push(request)
    const answer = await sink.answer(request)
    if (answer.status < 300) taken.push(...request.lines)
    return answer
  }
  const surroundings = { network, clock: backendClock, random: () => 0.5 }
  const listener = await Listener.open(surroundings, address)
  const routes = new Map([[path, { methods: ['POST'], handle }]])
  listener.serve(httpOffer({ ...HTTP_SERVER_DEFAULTS, routes, onBug: onBackendBug }))
  return sink
}

/** A batch of these lines; those of one series that follow each other are one series. */
export function linesBatch(lines: readonly string[], metadata: readonly Plain[] = []): Batch {
  const timeseries: Plain[] = []
  let open = ''
  for (const line of lines) {
    const [, series, labels, value, timestamp] = LINE.exec(line)!
    if (series !== open) timeseries.push({ labels: labelsOf(series!, labels), samples: [] })
    open = series!
    timeseries.at(-1)!['samples'].push({ value: Number(value), timestamp: timestamp! })
  }
  return receiveBatch('samples', encodeMessage('WriteRequest', { timeseries, metadata }))
}

const LINE = /^([^{ ]+(?:\{(.*)\})?) (\S+)@(\d+)$/

function labelsOf(series: string, labels = ''): Plain[] {
  const name = { name: '__name__', value: series.replace(/\{.*/, '') }
  const others = [...labels.matchAll(/(\w+)="([^"]*)"/g)]
  return [name, ...others.map(([, name, value]) => ({ name, value }))]
}

function readOne({ timeseries = [], metadata = [] }: Plain) {
  return {
    lines: (timeseries as Plain[]).flatMap((one) => linesOf(seriesText(one['labels']), one)),
    metadata: (metadata as Plain[]).map(({ metricFamilyName, type = 0, help = '', unit = '' }) =>
      [metricFamilyName, type, help, unit].join(' '),
    ),
  }
}

function readTwo({ symbols = [], timeseries = [] }: Plain) {
  const pairsOf = (refs: readonly number[]) =>
    Array.from({ length: refs.length / 2 }, (_, n) => ({
      name: symbols[refs[2 * n]!] as string,
      value: symbols[refs[2 * n + 1]!] as string,
    }))
  const all = timeseries as Plain[]
  const lines = all.flatMap((one) => {
    const exemplars = (one['exemplars'] ?? []) as Plain[]
    return linesOf(seriesText(pairsOf(one['labelsRefs'])), {
      ...one,
      exemplars: exemplars.map((each) => ({ ...each, labels: pairsOf(each['labelsRefs'] ?? []) })),
    })
  })
  const metadata = all.map(({ labelsRefs, metadata: about = {} }) => {
    const name = pairsOf(labelsRefs).find((one) => one.name === '__name__')?.value
    const { type = 0, helpRef = 0, unitRef = 0 } = about as Plain
    return [name, type, symbols[helpRef], symbols[unitRef]].join(' ')
  })
  return { lines, metadata }
}

function seriesText(labels: readonly Plain[]): string {
  const name = labels.find((one) => one['name'] === '__name__')?.['value'] ?? ''
  const others = labels.filter((one) => one['name'] !== '__name__')
  if (others.length === 0) return name
  return `${name}{${others.map((one) => `${one['name']}="${one['value']}"`).join(',')}}`
}

function linesOf(series: string, { samples = [], histograms = [], exemplars = [], ...one }: Plain) {
  const started = (point: Plain) => {
    const at = point['startTimestamp'] ?? one['createdTimestamp']
    return at === undefined ? '' : ` from ${at}`
  }
  return [
    ...(samples as Plain[]).map(
      (point) => `${series} ${point['value'] ?? 0}@${point['timestamp'] ?? 0}${started(point)}`,
    ),
    ...(histograms as Plain[]).map(
      (point) => `${series} histogram of ${point['sum']}@${point['timestamp']}${started(point)}`,
    ),
    ...(exemplars as Plain[]).map((one) => `${series} exemplar ${seriesText(one['labels'])}`),
  ]
}
