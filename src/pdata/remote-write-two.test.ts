import { expect, test } from 'vitest'
import { encodeWriteTwo, metadataOf, receiveBatch } from '#pdata'
import { decodeMessage, encodeMessage, type Plain, randomFrom } from '#support'
import { sampleSeries, symbolized } from '../../test/support/series.js'

/** With its references resolved, and what says nothing left out. */
function resolved({ symbols, timeseries }: Plain): unknown {
  const texts = (refs: readonly number[] = []) => refs.map((ref) => symbols[ref] as string)
  return (timeseries as Plain[]).map(({ labelsRefs, exemplars = [], metadata, ...rest }) => ({
    ...rest,
    labels: texts(labelsRefs),
    exemplars: (exemplars as Plain[]).map(({ labelsRefs: refs, ...one }) => ({
      ...one,
      labels: texts(refs),
    })),
    metadata: metadata && {
      type: metadata.type ?? 0,
      texts: texts([metadata.helpRef ?? 0, metadata.unitRef ?? 0]),
    },
  }))
}

/** The reference: as senders of 2.0 say when counting began, with each sample. */
function withStarts({ timeseries, ...rest }: Plain): Plain {
  const all = (timeseries as Plain[]).map(({ createdTimestamp: startTimestamp, ...one }) => {
    if (startTimestamp === undefined) return one
    const started = (points?: Plain[]) => points?.map((point) => ({ ...point, startTimestamp }))
    const { samples, histograms } = one as { samples?: Plain[]; histograms?: Plain[] }
    return {
      ...one,
      ...(samples && { samples: started(samples) }),
      ...(histograms && { histograms: started(histograms) }),
    }
  })
  return { ...rest, timeseries: all }
}

test.each([1, 2, 3])('says what the batch does, seed %i', (seed) => {
  const plain = sampleSeries(500, 12, randomFrom(seed))
  const batch = receiveBatch('samples', encodeMessage('WriteRequest', plain))
  const families = new Map(metadataOf(batch).map((one) => [one.family, one]))
  const bytes = Buffer.concat(encodeWriteTwo(batch, (metric) => families.get(metric)))
  const wanted = encodeMessage('WriteRequestV2', withStarts(symbolized(plain)))
  expect(resolved(decodeMessage('WriteRequestV2', bytes))).toEqual(
    resolved(decodeMessage('WriteRequestV2', wanted)),
  )
  expect(decodeMessage('WriteRequestV2', bytes)['symbols'][0]).toBe('')
})

test('of metadata alone there is nothing to say', () => {
  const metadata = [{ metricFamilyName: 'x', help: 'y' }]
  const batch = receiveBatch('samples', encodeMessage('WriteRequest', { metadata }))
  expect(encodeWriteTwo(batch, () => undefined)).toEqual([])
})
