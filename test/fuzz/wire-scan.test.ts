/**
 * The scanner against protobufjs on damaged requests. What the scanner takes, protobufjs must read,
 * with the same count. What only the scanner refuses must be among its deliberate refusals.
 * WEIR_SEED takes another run.
 */
import { expect, test } from 'vitest'
import { damage, decodeMessage, type Plain, randomFrom, sampleOf } from '#support'
import { MalformedData, normalize, SCANNED, type Scanned, scanRequest } from '#wire'

const ROUNDS = 6_000
const seed = Number(process.env['WEIR_SEED'] ?? 1)

/** Where the scanner is stricter than protobuf must be, and why. */
const DELIBERATE = [
  // Protobuf skips a known field under a wrong wire type as unknown: data would vanish unseen.
  /^field \d+ of \w+ has wire type [0-5]$/,
  // OTLP: an id has 16 or 8 bytes, or none.
  /^an id has \d+ bytes and not (8|16)$/,
  // A longer form than needed could hide a field from other readers.
  /^a field tag is malformed$/,
  /^values are nested deeper than 64$/,
  // The 10th byte holds one bit; protobufjs drops the others, Go refuses them.
  /^a varint is above 64 bits$/,
]

for (const what of Object.keys(SCANNED) as readonly Scanned[]) {
  test(`${what}: agrees with protobufjs (seed ${seed})`, () => {
    const random = randomFrom(seed)
    const sample = sampleOf(what, { items: 6, attributes: 4, resources: 2, seed })
    const outcomes = { accepted: 0, refused: 0 }
    for (let round = 0; round < ROUNDS; round++) {
      const bytes = damage(sample, random)
      const ours = attempt(() => countByScan(what, bytes))
      const theirs = attempt(() => countItems(what, decodeMessage(SCANNED[what], bytes)))
      const where = `seed ${seed} round ${round}`
      if (ours instanceof Error) {
        outcomes.refused++
        expect(ours, where).toBeInstanceOf(MalformedData)
        const { reason, offset = -1 } = ours as MalformedData
        expect(offset >= 0 && offset <= bytes.length + 8, `${where}: offset ${offset}`).toBe(true)
        if (theirs instanceof Error || DELIBERATE.some((allowed) => allowed.test(reason))) continue
        expect.fail(`${where}: only the scanner refuses: ${ours.message}`)
      } else {
        outcomes.accepted++
        expect(theirs, where).toBe(ours)
      }
    }
    // A scanner that refused or took everything would agree too often to notice.
    expect(Math.min(outcomes.accepted, outcomes.refused)).toBeGreaterThan(ROUNDS / 20)
  })
}

/**
 * As `receiveBatch` counts: what has several sub-messages or oneofs at once, in its regular form.
 */
function countByScan(what: Scanned, bytes: Uint8Array): number {
  const { items, regular } = scanRequest(what, bytes)
  if (regular) return items
  const message = SCANNED[what]
  const normal = normalize(message, bytes)
  expect(decodeMessage(message, normal)).toEqual(decodeMessage(message, bytes))
  const scanned = scanRequest(what, normal)
  expect(scanned.regular).toBe(true)
  return scanned.items
}

function attempt<T>(action: () => T): T | Error {
  try {
    return action()
  } catch (error) {
    if (error instanceof Error && error.name !== 'AssertionError') return error
    throw error
  }
}

const LEVELS: Record<Scanned, readonly (readonly string[])[]> = {
  traces: [['resourceSpans'], ['scopeSpans'], ['spans']],
  metrics: [
    ['resourceMetrics'],
    ['scopeMetrics'],
    ['metrics'],
    ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'],
    ['dataPoints'],
  ],
  logs: [['resourceLogs'], ['scopeLogs'], ['logRecords']],
  samples: [['timeseries'], ['samples', 'histograms']],
  entries: [['streams'], ['entries']],
  'samples v2': [['timeseries'], ['samples', 'histograms']],
}

function countItems(what: Scanned, request: Plain): number {
  let level: Plain[] = [request]
  for (const names of LEVELS[what]) {
    level = level.flatMap((parent) => names.flatMap((name) => (parent[name] as Plain[]) ?? []))
  }
  return level.length
}
