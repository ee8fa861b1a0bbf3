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

/** Names kept at most. */
const NAMES_MAX = 10_000

/** Finds names that were made before. */
export class KnownNames {
  readonly #withSuffixes: boolean
  readonly #names = new Map<string, FamilyNames | undefined>()

  constructor(withSuffixes: boolean) {
    this.#withSuffixes = withSuffixes
  }

  /** Undefined where nothing of the name can be kept. */
  find(name: string, unit: string, kind: NameKind): FamilyNames | undefined {
    const key = `${kind}\0${unit}\0${name}`
    const known = this.#names.get(key)
    if (known !== undefined || this.#names.has(key)) return known
    if (this.#names.size >= NAMES_MAX) this.#names.clear()
    const family = metricName(name, unit, kind, this.#withSuffixes)
    const names = family === '' ? undefined : namesOf(family)
    this.#names.set(key, names)
    return names
  }
}

function namesOf(family: string): FamilyNames {
  const [plain, bucket, count, sum] = ['', '_bucket', '_count', '_sum'].map((suffix) =>
    labelPair('__name__', family + suffix),
  )
  return { family, plain: plain!, bucket: bucket!, count: count!, sum: sum! }
}
