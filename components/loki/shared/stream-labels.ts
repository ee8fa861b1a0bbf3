import { labelText, parseLabelText } from '#pdata'
import { compileRules, labelsOf, type RuleValues, relabel } from '#relabel'

/** The label that says whose the entries are; Loki never sees it. */
export const TENANT_LABEL = '__tenant_id__'

const KNOWN_MAX = 10_000

/** The labels of a stream to what they become; undefined for a stream that is to be dropped. */
type Change = (labels: readonly string[], tenant: string) => readonly string[] | undefined

/** What becomes of the labels of streams: kept for each text that has been seen. */
export class StreamLabels {
  readonly #change: Change
  readonly #known = new Map<string, string | undefined>()
  readonly #knownMax: number

  /** With `knownMax` texts all are forgotten. */
  constructor(change: Change, knownMax = KNOWN_MAX) {
    this.#change = change
    this.#knownMax = knownMax
  }

  /** Canonical text; undefined for a stream that is dropped. Throws `MalformedData`. */
  of(text: string, tenant = ''): string | undefined {
    const key = tenant === '' ? text : `${tenant}\n${text}`
    if (this.#known.has(key)) return this.#known.get(key)
    const changed = this.#change(parseLabelText(text), tenant)
    const result = changed && labelText(changed)
    if (this.#known.size >= this.#knownMax) this.#known.clear()
    this.#known.set(key, result)
    return result
  }
}

/** Undefined where a rule drops them. */
export function relabelling(
  blocks: readonly RuleValues[],
): (labels: readonly string[]) => readonly string[] | undefined {
  const rules = compileRules(blocks, 'legacy')
  return (labels) => relabel(rules, labelsOf(pairsOf(labels)))
}

export function pairsOf(labels: readonly string[]): [name: string, value: string][] {
  const pairs: [string, string][] = []
  for (let n = 0; n + 1 < labels.length; n += 2) pairs.push([labels[n]!, labels[n + 1]!])
  return pairs
}
