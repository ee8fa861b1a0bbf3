import { expect, test } from 'vitest'
import { decodePairs, receiveBatch, type SampleBatch, SampleReader } from '#pdata'
import { sampleRequest } from '#support'
import { dealBatch } from './deal.js'

/** Of each series its labels and what else it has, in order. */
function seriesOf(batch: SampleBatch): readonly (readonly [string, string])[] {
  const all: (readonly [string, string])[] = []
  const reader = new SampleReader(batch)
  while (reader.nextSeries()) {
    const { bytes, labelsStart, labelsEnd, seriesEnd } = reader
    const labels = decodePairs(bytes, labelsStart, labelsEnd).join()
    all.push([labels, bytes.toString('latin1', labelsEnd, seriesEnd)])
  }
  return all
}

const requestOf = (seed: number) => sampleRequest('samples', { items: 400, resources: 1, seed })
/** The same series at two times, in several chunks. */
const twice = [1, 2, 1].map((seed) => receiveBatch('samples', requestOf(seed)))
const batch = receiveBatch('samples', Buffer.concat(twice.flatMap(({ chunks }) => chunks)))

test.each([1, 2, 7])('dealt %i ways, each series is in one of them, in order', (ways) => {
  const dealt = dealBatch(batch, ways) as readonly SampleBatch[]
  expect(dealt).toHaveLength(ways)
  expect(dealt.reduce((sum, one) => sum + one.items, 0)).toBe(batch.items)
  const all = seriesOf(batch)
  const seen = new Set<string>()
  for (const one of dealt) {
    const own = seriesOf(one)
    const names = new Set(own.map(([labels]) => labels))
    for (const labels of names) expect(seen).not.toContain(labels)
    for (const labels of names) seen.add(labels)
    expect(own).toEqual(all.filter(([labels]) => names.has(labels)))
    expect(receiveBatch('samples', Buffer.concat(one.chunks)).items).toBe(one.items)
  }
  expect(seen.size).toBe(new Set(all.map(([labels]) => labels)).size)
})

test.each(['traces', 'entries'] as const)('of %s, nothing is lost', (signal) => {
  const batch = receiveBatch(signal, sampleRequest(signal, { items: 50, resources: 9 }))
  const dealt = dealBatch(batch, 4)
  expect(dealt.length).toBeGreaterThan(1)
  expect(dealt.reduce((sum, one) => sum + one.items, 0)).toBe(50)
  expect(dealt.reduce((sum, one) => sum + one.bytes, 0)).toBe(batch.bytes)
})
