/** Metric families by chance, as any target may have them. */
import fc from 'fast-check'
import type { Family, FamilyExemplar, FamilyMetric } from './metric-families.js'

const TIME_MAX = 4e12

const plainName = fc.stringMatching(/^[a-z_][a-z0-9_]{0,12}$/).filter((name) => name !== '__name__')
const anyText = fc.string({ unit: 'grapheme', maxLength: 12 })
const time = fc.integer({ min: 1, max: TIME_MAX })
const count = fc.nat(1e6)

const labels = fc.dictionary(
  fc.oneof({ weight: 4, arbitrary: plainName }, anyText.filter(isUsable)).filter(isFree),
  anyText.filter((value) => value !== ''),
  { maxKeys: 4, noNullPrototype: true },
)

const exemplar: fc.Arbitrary<FamilyExemplar> = fc.record(
  { labels, value: fc.double(), timestampMs: time },
  { requiredKeys: ['labels', 'value'] },
)

const steps = fc
  .uniqueArray(fc.constantFrom(-1, 0, 0.005, 0.25, 0.5, 0.99, 1, 2.5, 10, 500), { maxLength: 5 })
  .chain((bounds) =>
    fc.tuple(
      ...[...bounds.sort((a, b) => a - b), Infinity].map((bound) =>
        fc.record(
          { bound: fc.constant(bound), value: count, exemplar },
          { requiredKeys: ['bound', 'value'] },
        ),
      ),
    ),
  )

const metric: fc.Arbitrary<FamilyMetric> = fc.record(
  {
    ...{ labels, value: fc.double(), count, sum: fc.double(), steps, exemplar },
    ...{ timestampMs: time, startTimestampMs: time },
  },
  { requiredKeys: ['labels', 'value', 'count', 'sum', 'steps'] },
)

export const anyFamily: fc.Arbitrary<Family> = fc
  .record({
    name: fc.oneof({ weight: 4, arbitrary: plainName }, anyText.filter(isUsable)),
    help: anyText,
    type: fc.constantFrom('counter', 'gauge', 'summary', 'unknown', 'histogram', 'gaugehistogram'),
    metrics: fc.uniqueArray(metric, { minLength: 1, maxLength: 3, selector: labelText }),
  })
  // Only what ends in _total has exemplars.
  .map((one) => ({ ...one, name: one.type === 'counter' ? `${one.name}_total` : one.name }))

export const anyFamilies = fc.uniqueArray(anyFamily, {
  minLength: 1,
  maxLength: 3,
  selector: ({ name }) => name,
})

/** An empty name is none, and blanks alone are taken for none. */
function isUsable(text: string): boolean {
  return text.trim() !== ''
}

function isFree(name: string): boolean {
  return !['le', 'quantile', '__name__', '__proto__'].includes(name)
}

function labelText({ labels: of }: FamilyMetric): string {
  return JSON.stringify(Object.entries(of).sort())
}
