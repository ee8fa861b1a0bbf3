import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LabelCache } from './label-cache.js'

const key = fc.uint8Array({ maxLength: 9, max: 2 })
const step = fc.record({ key, what: fc.constantFrom('get', 'set', 'delete') })

/** The same with a map, whose first key is the oldest. */
class Model {
  readonly #entries = new Map<string, number>()
  readonly #max: number

  constructor(max: number) {
    this.#max = max
  }

  get size(): number {
    return this.#entries.size
  }

  get(name: string): number | undefined {
    const result = this.#entries.get(name)
    if (result === undefined) return undefined
    this.#entries.delete(name)
    this.#entries.set(name, result)
    return result
  }

  set(name: string, result: number): void {
    this.#entries.delete(name)
    const [oldest] = this.#entries.keys()
    if (this.#entries.size === this.#max && oldest !== undefined) this.#entries.delete(oldest)
    if (this.#max > 0) this.#entries.set(name, result)
  }

  delete(name: string): void {
    this.#entries.delete(name)
  }
}

test('remembers what a map would, and forgets the oldest', () => {
  fc.assert(
    fc.property(
      fc.nat(600),
      fc.integer(),
      fc.array(step, { maxLength: 1200 }),
      (max, seed, steps) => {
        const cache = new LabelCache<number>(max, seed)
        const model = new Model(max)
        for (const [n, { key: bytes, what }] of steps.entries()) {
          // Somewhere in a larger range, which changes afterwards.
          const around = Buffer.from([7, ...bytes, 8])
          const end = 1 + bytes.length
          const name = bytes.join()
          if (what === 'set') {
            cache.set(around, 1, end, n)
            model.set(name, n)
          } else if (what === 'delete') {
            cache.delete(around, 1, end)
            model.delete(name)
          } else {
            expect(cache.get(around, 1, end)).toBe(model.get(name))
          }
          around.fill(0)
          expect(cache.size).toBe(model.size)
        }
      },
    ),
    { numRuns: 200 },
  )
})

test('grows as it fills, and no further than it may', () => {
  const cache = new LabelCache<number>(1000, 1)
  const bytes = (n: number) => Buffer.from(`label ${n}`)
  for (let n = 0; n < 3000; n++) cache.set(bytes(n), 0, bytes(n).length, n)
  expect(cache.size).toBe(1000)
  for (let n = 0; n < 3000; n++) {
    expect(cache.get(bytes(n), 0, bytes(n).length)).toBe(n < 2000 ? undefined : n)
  }
})
