import { expect, test } from 'vitest'
import { SeriesBytes } from './series-bytes.js'

const TEXT = Buffer.from('http_requests_total{path="/orders",code="200"}')

test('is what it was after a rest, and takes more', async () => {
  const bytes = new SeriesBytes()
  const places = Array.from({ length: 1000 }, () => bytes.add(TEXT, 0, TEXT.length))
  await bytes.rest()
  expect(bytes.bytes.length).toBe(0)
  await bytes.wake()
  await bytes.wake()
  places.push(bytes.add(TEXT, 5, 9))
  await bytes.rest()
  await bytes.wake()
  expect(places.at(-1)).toBe(1000 * TEXT.length)
  for (const place of places.slice(0, -1)) {
    expect(bytes.bytes.subarray(place, place + TEXT.length)).toEqual(TEXT)
  }
  expect(bytes.bytes.toString('latin1', places.at(-1), places.at(-1)! + 4)).toBe('requ')
})

test('gives up what is of no use', async () => {
  const bytes = new SeriesBytes()
  const places = Array.from({ length: 100 }, () => bytes.add(TEXT, 0, TEXT.length))
  expect(bytes.isSparse).toBe(false)
  bytes.drop(60 * TEXT.length)
  expect(bytes.isSparse).toBe(true)
  const moved: number[] = []
  bytes.compact((copy) => {
    for (const place of places.slice(60)) moved.push(copy(place, TEXT.length))
  })
  expect(bytes.isSparse).toBe(false)
  await bytes.rest()
  await bytes.wake()
  expect(moved).toEqual(Array.from({ length: 40 }, (_, n) => n * TEXT.length))
  for (const place of moved) {
    expect(bytes.bytes.subarray(place, place + TEXT.length)).toEqual(TEXT)
  }
})

test('rests with nothing in it', async () => {
  const bytes = new SeriesBytes()
  await bytes.rest()
  await bytes.wake()
  expect(bytes.add(TEXT, 0, 4)).toBe(0)
})
