import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SeriesCache } from './series-cache.js'

/** One scrape of these series, as a parser asks for them: the answers, and what is gone. */
function scrape(cache: SeriesCache, series: readonly string[], isWhole = true) {
  const bytes = Buffer.from(`${series.join(' ')} `)
  const found: { ref: number; isNew: boolean; isPeeked: boolean }[] = []
  cache.begin()
  let pos = 0
  for (const text of series) {
    const end = pos + Buffer.byteLength(text)
    const isPeeked = cache.peek(bytes, pos, bytes.length, 1) === end - pos
    if (isPeeked) cache.take()
    else cache.find(bytes, pos, end, 0)
    found.push({ ref: cache.ref, isNew: cache.isNew, isPeeked })
    pos = end + 1
  }
  const gone: number[] = []
  if (isWhole) cache.finish((ref) => gone.push(ref))
  else cache.abandon((ref) => gone.push(ref))
  return { found, gone, peeked: found.filter(({ isPeeked }) => isPeeked).length }
}

describe('the series of a target', () => {
  test('come in the order of the last scrape', () => {
    const cache = new SeriesCache()
    expect(scrape(cache, ['a', 'b', 'c']).found.map(({ isNew }) => isNew)).toEqual([
      true,
      true,
      true,
    ])
    expect(scrape(cache, ['a', 'b', 'c'])).toMatchObject({ gone: [], peeked: 3 })
    expect(scrape(cache, ['a', 'x', 'b', 'c'])).toMatchObject({ gone: [], peeked: 3 })
    expect(scrape(cache, ['a', 'c'])).toMatchObject({ gone: [3, 1], peeked: 1 })
    expect(scrape(cache, ['a', 'c'])).toMatchObject({ gone: [], peeked: 2 })
    expect(cache.size).toBe(2)
  })

  test('a series twice in one scrape is one', () => {
    const cache = new SeriesCache()
    const { found } = scrape(cache, ['a', 'a', 'b'])
    expect(found.map(({ ref, isNew }) => [ref, isNew])).toEqual([
      [0, true],
      [0, false],
      [1, true],
    ])
    expect(scrape(cache, ['a', 'a', 'b']).peeked).toBe(3)
    expect(scrape(cache, []).gone).toEqual([0, 1])
  })

  test('the same bytes under another key are another series', () => {
    const cache = new SeriesCache()
    const bytes = Buffer.from('a ')
    cache.begin()
    cache.find(bytes, 0, 1, 5)
    cache.finish(() => {})
    cache.begin()
    expect(cache.peek(bytes, 0, 2, 4)).toBe(0)
    cache.find(bytes, 0, 1, 4)
    expect([cache.ref, cache.isNew]).toEqual([1, true])
    const gone: number[] = []
    cache.finish((ref) => gone.push(ref))
    expect(gone).toEqual([0])
  })

  test('a scrape that is abandoned leaves the one before', () => {
    const cache = new SeriesCache()
    scrape(cache, ['a', 'b'])
    expect(scrape(cache, ['a', 'x', 'x', 'y'], false)).toMatchObject({ gone: [2, 3] })
    expect(cache.size).toBe(2)
    expect(scrape(cache, ['a', 'b'])).toMatchObject({ gone: [], peeked: 2 })
  })

  test('agrees with a map, over rests', async () => {
    const name = fc.nat(60).map((n) => 'series'.repeat(n % 3) + n)
    const scrapes = fc.array(
      fc.record({ series: fc.array(name, { maxLength: 60 }), isWhole: fc.boolean() }),
      { maxLength: 12 },
    )
    await fc.assert(
      fc.asyncProperty(scrapes, async (of) => {
        const cache = new SeriesCache()
        let known = new Map<string, number>()
        for (const { series, isWhole } of of) {
          await cache.rest()
          await cache.wake()
          const { found, gone } = scrape(cache, series, isWhole)
          const next = new Map(known)
          for (const [n, { ref, isNew }] of found.entries()) {
            expect(isNew).toBe(!next.has(series[n]!))
            if (isNew) expect([...next.values()]).not.toContain(ref)
            else expect(ref).toBe(next.get(series[n]!))
            next.set(series[n]!, ref)
          }
          const left = (before: ReadonlyMap<string, number>, after: ReadonlySet<string>) =>
            [...before].filter(([text]) => !after.has(text)).map(([, ref]) => ref)
          const lost = isWhole ? left(known, new Set(series)) : left(next, new Set(known.keys()))
          expect([...gone].sort()).toEqual(lost.sort())
          const isLost = new Set(lost)
          known = new Map([...next].filter(([, ref]) => !isLost.has(ref)))
          expect(cache.size).toBe(known.size)
        }
      }),
      { seed: 5, numRuns: 300 },
    )
  })
})
