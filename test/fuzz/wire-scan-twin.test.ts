/**
 * The scanner in WebAssembly against the one in JavaScript: on every input the same verdict, items
 * and regularity. WEIR_SEED takes another run.
 */
import { isUtf8 } from 'node:buffer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { damage, randomFrom, randomMessage, sampleOf, sampleRequest } from '#support'
import { FIELD, MalformedData, SCANNED, type Scanned, Writer } from '#wire'
import { scanByScript } from '../../src/wire/scan.js'
import { createWasmScan, type WasmScan } from '../../src/wire/wasm/scan.js'

const ROUNDS = 5_000
const seed = Number(process.env['WEIR_SEED'] ?? 1)
const twin = createWasmScan()!
const ALL = Object.keys(SCANNED) as readonly Scanned[]

// Half the inputs are refused, and most of the time would go into the stacks of errors.
const { stackTraceLimit } = Error
beforeAll(() => {
  Error.stackTraceLimit = 0
})
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit
})

type Verdict = 'refused' | 'irregular' | 'regular'

/** What both say; throws where they differ. */
function verdictOf(scan: WasmScan, what: Scanned, bytes: Uint8Array, where: string): Verdict {
  const theirs = byScript(what, bytes)
  const ours = scan(what, bytes)
  if (ours?.items !== theirs?.items || ours?.regular !== theirs?.regular) {
    const told = `${JSON.stringify(ours)} and not ${JSON.stringify(theirs)}`
    throw new Error(`${where}: ${told} for ${Buffer.from(bytes).toString('hex').slice(0, 2000)}`)
  }
  if (!ours) return 'refused'
  return ours.regular ? 'regular' : 'irregular'
}

function byScript(what: Scanned, bytes: Uint8Array) {
  try {
    return scanByScript(what, bytes)
  } catch (error) {
    if (error instanceof MalformedData) return undefined
    throw error
  }
}

/** Compares on inputs from a seed; how often each verdict came. */
function compare(scan: WasmScan, what: Scanned, rounds: number): Record<Verdict, number> {
  const random = randomFrom(seed)
  const sample = sampleOf(what, { items: 6, attributes: 4, resources: 2, seed })
  const counts = { refused: 0, irregular: 0, regular: 0 }
  for (let round = 0; round < rounds; round++) {
    const made = random() < 0.6 ? randomMessage(SCANNED[what], random) : sample
    const bytes = random() < (made === sample ? 1 : 0.2) ? damage(made, random) : made
    counts[verdictOf(scan, what, bytes, `seed ${seed} round ${round}`)]++
  }
  return counts
}

for (const what of ALL) {
  test(`${what}: both scanners agree (seed ${seed})`, () => {
    const counts = compare(twin, what, ROUNDS)
    // Inputs of one kind alone would show little.
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(ROUNDS / 20)
  })

  test(`${what}: at every cut`, () => {
    const sample = sampleOf(what, { items: 5, attributes: 9, resources: 2, seed })
    for (let size = 0; size <= sample.length; size++) {
      verdictOf(twin, what, sample.subarray(0, size), `cut at ${size}`)
    }
  })
}

/** Twins that are wrong, each in one way that a bug could be. */
const CANARIES: Readonly<Record<string, WasmScan>> = {
  'takes what is cut': (signal, bytes) => twin(signal, bytes) ?? { items: 0, regular: true },
  'refuses what is irregular': (signal, bytes) => {
    const result = twin(signal, bytes)
    return result?.regular ? result : undefined
  },
  'calls all regular': (signal, bytes) => {
    const result = twin(signal, bytes)
    return result && { ...result, regular: true }
  },
  'counts resources': (signal, bytes) => {
    const result = twin(signal, bytes)
    return result && { ...result, items: Math.min(result.items, 1) }
  },
}

test.each(Object.entries(CANARIES))('a twin that %s is found out', (_, canary) => {
  expect(() => compare(canary, 'traces', ROUNDS)).toThrow(/^seed/)
})

test('what lies in memory from the request before is not read', () => {
  const long = sampleRequest('logs', { seed })
  for (let size = 0; size < 400; size++) {
    const cut = sampleRequest('logs', { items: 1, seed }).subarray(0, size)
    verdictOf(twin, 'logs', long, 'long')
    verdictOf(twin, 'logs', cut, `over a long one, cut at ${size}`)
    // What follows the cut in memory is then just what is missing.
    verdictOf(twin, 'logs', long, 'long')
    verdictOf(twin, 'logs', long.subarray(0, size), `over the same, cut at ${size}`)
  }
})

test('values at and beyond the depth that is allowed', () => {
  for (const kind of ['arrayValue', 'kvlistValue'] as const) {
    for (const depth of [1, 63, 64, 65, 66, 5000]) {
      const request = inSpan(FIELD.Span.attributes, field(2, nested(depth, kind)))
      const verdict = verdictOf(twin, 'traces', request, `${depth} deep`)
      expect(verdict).toBe(depth > 64 ? 'refused' : 'regular')
    }
    // A refusal within leaves no depth behind.
    const request = inSpan(FIELD.Span.attributes, field(2, nested(64, kind)))
    expect(verdictOf(twin, 'traces', request, 'afterwards')).toBe('regular')
  }
})

test('noise', () => {
  const random = randomFrom(seed)
  for (let round = 0; round < ROUNDS; round++) {
    const size = Math.floor(random() * 40)
    // Low bytes are tags of known fields and short lengths.
    const high = random() < 0.5 ? 256 : 40
    const bytes = Buffer.from(Array.from({ length: size }, () => Math.floor(random() * high)))
    for (const what of ALL) verdictOf(twin, what, bytes, `seed ${seed} noise ${round}`)
  }
})

/** Characters, parts of them, and what only looks like one. */
const PIECES = [
  ...['a', 'plain text that is longer than a vector', 'ü', '€', '🌊', '\u07ff', '\uffff', '\ud7ff'],
  ...['\u0800', '\u{10ffff}', '\u{10000}', '\0', '\x7f'],
].map((piece) => Buffer.from(piece))
const BROKEN = [
  ...['80', 'bf', 'c3', 'c080', 'c1bf', 'e282', 'e09fbf', 'e08080', 'eda080', 'edbfbf', 'f09f8c'],
  ...['f0808080', 'f08fbfbf', 'f4908080', 'f5808080', 'f8808080', 'fe', 'ff', 'c2', 'e2', 'f0'],
].map((piece) => Buffer.from(piece, 'hex'))

test('UTF-8, of every length around a vector', () => {
  const random = randomFrom(seed)
  const pick = (from: readonly Buffer[]) => from[Math.floor(random() * from.length)]!
  const verdicts = new Set<Verdict>()
  for (let round = 0; round < 4 * ROUNDS; round++) {
    const pieces: Buffer[] = [Buffer.alloc(Math.floor(random() * 36), 'z')]
    for (let count = random() * 8; count > 0; count--) {
      pieces.push(pick(random() < 0.06 ? BROKEN : PIECES))
    }
    if (random() < 0.3) pieces.push(Buffer.alloc(Math.floor(random() * 36), 'z'))
    const text = Buffer.concat(pieces)
    verdicts.add(checkText(round % 5 === 0 ? text.subarray(0, -1) : text))
  }
  expect(verdicts.size).toBe(2)
})

test('UTF-8: every pair of bytes, and every lead with each second byte', () => {
  for (let first = 0; first < 256; first++) {
    for (let second = 0; second < 256; second++) {
      // So that some lie across the border of a vector, and some at the end.
      const before = Buffer.alloc((first + second) % 17, 'a')
      checkText(Buffer.concat([before, Buffer.from([first, second])]))
      if (first < 0xc0) continue
      const more = Buffer.alloc(first < 0xe0 ? 0 : first < 0xf0 ? 1 : 2, 0x80 + (second % 64))
      checkText(Buffer.concat([before, Buffer.from([first, second]), more, before]))
    }
  }
})

function checkText(text: Uint8Array): Verdict {
  const request = inSpan(FIELD.Span.name, text)
  const verdict = verdictOf(twin, 'traces', request, Buffer.from(text).toString('hex'))
  expect(verdict === 'regular').toBe(isUtf8(text))
  return verdict
}

function inSpan(number: number, content: Uint8Array): Buffer {
  return field(1, field(2, field(2, field(number, content))))
}

function field(number: number, content: Uint8Array): Buffer {
  const writer = new Writer(content.length + 16)
  writer.field(number, content)
  return writer.written()
}

function nested(depth: number, kind: 'arrayValue' | 'kvlistValue'): Uint8Array {
  let value: Uint8Array = Buffer.from([0x18, 1])
  for (let level = 0; level < depth; level++) {
    const element = kind === 'arrayValue' ? value : field(2, value)
    value = field(FIELD.AnyValue[kind], field(1, element))
  }
  return value
}
