import { describe, expect, test } from 'vitest'
import { type Batch, decodePairs, receiveBatch, type SampleBatch, SampleReader } from '#pdata'
import { RelabelRules } from '#relabel'
import { Retryable } from '#sdk'
import { checkBody, encodeRequest, type Plain } from '#support'
import { runComponent } from '../../../test/support/running-component.js'
import definition from './relabel.js'

/** `a{b="c"}` with a sample of each value. */
function series(
  name: string,
  labels: Readonly<Record<string, string>>,
  ...values: number[]
): Plain {
  const pairs = Object.entries({ __name__: name, ...labels }).map(([key, value]) => ({
    name: key,
    value,
  }))
  return { labels: pairs, samples: values.map((value) => ({ value, timestamp: '5' })) }
}

function batchOf(...timeseries: Plain[]): Batch {
  return receiveBatch('samples', encodeRequest('samples', { timeseries }))
}

function linesOf(batch: Batch | undefined): readonly string[] {
  if (!batch) return []
  const reader = new SampleReader(batch as SampleBatch)
  const lines: string[] = []
  while (reader.nextSeries()) {
    const pairs = decodePairs(reader.bytes, reader.labelsStart, reader.labelsEnd)
    const values: string[] = []
    while (reader.nextPoint()) {
      values.push(reader.kind === 'sample' ? String(reader.value) : reader.kind)
    }
    lines.push(`${pairs.join(' ')} = ${values.join(' ')}`)
  }
  return lines
}

const FORWARD = 'forward_to = [test.samples.all.receiver]\n'
const DROP = 'rule {\nsource_labels = ["a"]\nregex = "x"\naction = "drop"\n}\n'
const SET = 'rule {\nsource_labels = ["a"]\ntarget_label = "z"\n}\n'

const rows: readonly (readonly [
  string,
  rules: string,
  lines: readonly string[],
  dropped: number,
])[] = [
  ['no rules', '', ['__name__ n a x = 1 2', '__name__ m a y = 3'], 0],
  ['a rule that drops', DROP, ['__name__ m a y = 3'], 2],
  ['a rule that sets', SET, ['__name__ n a x z x = 1 2', '__name__ m a y z y = 3'], 0],
  ['rules that drop all', 'rule {\naction = "drop"\nregex = ".*"\n}', [], 3],
  ['rules that leave nothing', 'rule {\naction = "labeldrop"\nregex = ".*"\n}', [], 3],
]

describe('relabels with', () => {
  test.each(rows)('%s', async (_, rules, lines, dropped) => {
    const all = await runComponent(definition, FORWARD + rules)
    const batch = batchOf(series('n', { a: 'x' }, 1, 2), series('m', { a: 'y' }, 3))
    for (let round = 0; round < 2; round++) {
      await all.give(batch)
      expect(linesOf(all.samples.taken.pop())).toEqual(lines)
    }
    const counts = all.ledger.counts('samples')
    expect(counts).toMatchObject({ entered: 6, left: 6 - 2 * dropped })
    expect(counts.dropped.get('relabelled') ?? 0).toBe(2 * dropped)
    expect(all.figures()).toMatchObject({
      prometheus_relabel_cache_hits_total: 2,
      prometheus_relabel_cache_misses_total: 2,
      prometheus_relabel_cache_size: 2,
    })
  })
})

test('hands the same batch on where nothing changes', async () => {
  const all = await runComponent(definition, FORWARD + DROP)
  const batch = batchOf(series('n', { a: 'y' }, 1))
  await all.give(batch)
  expect(all.samples.taken[0]).toBe(batch)
})

test('exemplars, histograms and metadata come along', async () => {
  const all = await runComponent(definition, FORWARD + SET)
  const whole = {
    ...series('n', { a: 'x' }, 1),
    exemplars: [{ labels: [{ name: 't', value: 'u' }], value: 1 }],
    histograms: [{ countInt: '1', timestamp: '5' }],
  }
  const metadata = [{ type: 1, metricFamilyName: 'n', help: 'Help.' }]
  await all.give(
    receiveBatch('samples', encodeRequest('samples', { timeseries: [whole], metadata })),
  )
  const [taken] = all.samples.taken
  expect(linesOf(taken)[0]!.split(' = ')[1]!.split(' ').sort()).toEqual([
    '1',
    'exemplar',
    'histogram',
  ])
  expect(taken).toMatchObject({ items: 2 })
  expect(Buffer.concat(taken!.chunks).includes('Help.')).toBe(true)
})

test('what was dropped counts only once the rest is taken', async () => {
  const all = await runComponent(definition, FORWARD + DROP)
  all.samples.answer = () => Promise.reject(new Retryable('full'))
  const batch = batchOf(series('n', { a: 'x' }, 1), series('n', { a: 'y' }, 1))
  await expect(all.give(batch)).rejects.toThrow('full')
  expect(all.ledger.counts('samples')).toMatchObject({ entered: 0, refused: 2, dropped: new Map() })
})

test('forgets what nobody asks for any more', async () => {
  const all = await runComponent(definition, `${FORWARD}${SET}cache_ttl = "1m"`)
  const misses = () => all.figures()['prometheus_relabel_cache_misses_total']
  const give = () => all.give(batchOf(series('n', { a: 'x' }, 1)))
  for (const [wait, expected] of [
    [0, 1],
    [59_000, 1],
    [2_000, 1],
    [59_000, 1],
    [130_000, 2],
  ] as const) {
    await all.clock.tick(wait)
    await give()
    expect(misses()).toBe(expected)
  }
})

test('exports its rules', async () => {
  const { instance } = await runComponent(definition, FORWARD + DROP)
  expect(instance.published['rules']).toBeInstanceOf(RelabelRules)
})

test.each([
  ['max_cache_size = 0', /at least 1|from 1/],
  ['max_cache_size = 5\ncache_ttl = "1m"', /not both/],
])('%s is refused', (more, message) => {
  const { diagnostics } = checkBody(definition, FORWARD + more)
  expect(diagnostics.map((one) => one.message).join()).toMatch(message)
})
