import { metricName, type NameKind } from './metric-name.js'
import { labelPair } from './series-labels.js'

/** A family's name, and the names of its series as label pairs. */
export interface FamilyNames {
  readonly family: string
  readonly plain: Buffer
  readonly bucket: Buffer
  readonly count: Buffer
  readonly sum: Buffer
}

interface Known {
  readonly kind: NameKind
  readonly name: Buffer
  readonly unit: Buffer
  /** Undefined where nothing of the name can be kept. */
  readonly names: FamilyNames | undefined
}

/** Names kept at most. */
const NAMES_MAX = 10_000

/** Finds names that were made before, by the bytes of the metric's name and unit. */
export class KnownNames {
  readonly #withSuffixes: boolean
  readonly #names = new Map<number, Known[]>()
  #count = 0

  constructor(withSuffixes: boolean) {
    this.#withSuffixes = withSuffixes
  }

  /** Undefined where nothing of the name can be kept. */
  find(
    bytes: Buffer,
    name: number,
    nameEnd: number,
    unit: number,
    unitEnd: number,
    kind: NameKind,
  ): FamilyNames | undefined {
    const hash = hashOf(bytes, name, nameEnd) ^ hashOf(bytes, unit, unitEnd)
    const alike = this.#names.get(hash)
    for (let n = 0; alike && n < alike.length; n++) {
      const known = alike[n]!
      if (
        known.kind === kind &&
        isSame(bytes, name, nameEnd, known.name) &&
        isSame(bytes, unit, unitEnd, known.unit)
      ) {
        return known.names
      }
    }
    return this.#make(
      hash,
      Buffer.from(bytes.subarray(name, nameEnd)),
      Buffer.from(bytes.subarray(unit, unitEnd)),
      kind,
    )
  }

  #make(hash: number, name: Buffer, unit: Buffer, kind: NameKind): FamilyNames | undefined {
    if (this.#count++ >= NAMES_MAX) {
      this.#names.clear()
      this.#count = 1
    }
    const family = metricName(String(name), String(unit), kind, this.#withSuffixes)
    const names = family === '' ? undefined : namesOf(family)
    const known = { kind, name, unit, names }
    const alike = this.#names.get(hash)
    if (alike) alike.push(known)
    else this.#names.set(hash, [known])
    return names
  }
}

function namesOf(family: string): FamilyNames {
  const [plain, bucket, count, sum] = ['', '_bucket', '_count', '_sum'].map((suffix) =>
    labelPair('__name__', family + suffix),
  )
  return { family, plain: plain!, bucket: bucket!, count: count!, sum: sum! }
}

function hashOf(bytes: Buffer, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let pos = start; pos < end; pos++) hash = Math.imul(hash ^ bytes[pos]!, 0x01000193)
  return hash
}

function isSame(bytes: Buffer, start: number, end: number, other: Buffer): boolean {
  if (end - start !== other.length) return false
  for (let n = 0; n < other.length; n++) if (other[n] !== bytes[start + n]) return false
  return true
}
