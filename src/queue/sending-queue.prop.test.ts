/** One contract for both stores: a queue behaves as a few arrays do, whatever happens to it. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FakeClock, FakeDisk, letterBatch, lettersOf } from '#support'
import { DiskStore } from './disk-store.js'
import { MemoryStore } from './memory-store.js'
import type { Dispatch } from './queue.js'
import { SendingQueue } from './sending-queue.js'

type Kind = 'memory' | 'disk'

type Step =
  | { readonly do: 'put'; readonly items: number }
  | { readonly do: 'take' }
  | { readonly do: 'reopen' }
  | { readonly do: 'done' | 'divide'; readonly which: number }
  | { readonly do: 'retry'; readonly which: number; readonly delayMs: number }
  | { readonly do: 'tick'; readonly ms: number }

const which = fc.nat(20)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('put' as const),
      items: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 5, arbitrary: fc.constant({ do: 'take' as const }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('done' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('divide' as const), which }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('retry' as const), which, delayMs: fc.nat(300) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('tick' as const), ms: fc.nat(200) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'reopen' as const }) },
)

/** Texts of one letter an item; the letters are all different. */
class Model {
  #letter = 33
  /** In the order in which they lie on disk. */
  file: string[] = []
  fresh: string[] = []
  again: string[] = []
  delayed: { readonly text: string; readonly at: number }[] = []
  out: string[] = []

  put(items: number): string | undefined {
    if (this.#letter + items > 250) return undefined
    let text = ''
    for (let n = 0; n < items; n++) text += String.fromCharCode(this.#letter++)
    this.file.push(text)
    this.fresh.push(text)
    return text
  }

  take(): string | undefined {
    const text = this.again.shift() ?? this.fresh.shift()
    if (text) this.out.push(text)
    return text
  }

  divide(text: string): boolean {
    if (text.length < 2) return false
    const half = Math.ceil(text.length / 2)
    const pieces = [text.slice(0, half), text.slice(half)]
    this.file = [...this.file.filter((one) => one !== text), ...pieces]
    this.again.push(...pieces)
    return true
  }

  tick(now: number): void {
    const isDue = ({ at }: { at: number }) => at <= now
    const due = this.delayed.filter(isDue).sort((a, b) => a.at - b.at)
    this.delayed = this.delayed.filter((one) => !isDue(one))
    this.again.push(...due.map(({ text }) => text))
  }

  reopen(kind: Kind): number {
    const lost = this.file.join('').length
    if (kind === 'memory') this.file = []
    this.fresh = [...this.file]
    this.again = []
    this.delayed = []
    this.out = []
    return lost
  }
}

/** A queue, and the array it is compared with. */
class Pair {
  readonly #kind: Kind
  readonly #clock = new FakeClock(undefined, 1)
  readonly #disk = new FakeDisk()
  readonly #model = new Model()
  #queue!: SendingQueue
  #out: Dispatch[] = []
  #lost = 0

  constructor(kind: Kind) {
    this.#kind = kind
  }

  async open(memoryBytes: number): Promise<void> {
    const clock = this.#clock
    const store =
      this.#kind === 'memory'
        ? new MemoryStore(clock)
        : await DiskStore.open({
            ...{ disk: this.#disk, clock, random: () => 0.5, folder: '/q', segmentBytes: 300 },
            memoryBytes,
            events: { damaged: ({ path }) => expect.fail(path), freed: () => {} },
          })
    this.#queue = new SendingQueue(clock, 'traces', store, {
      lost: (items) => {
        this.#lost += items
      },
      repeated: () => expect.fail('repeated'),
      crowdedOut: () => expect.fail('crowded out'),
      putAway() {},
      troubled: (error) => expect.fail(String(error)),
    })
    const limits = { size: 1e9, storedBytes: 1e9, waitForResult: false } as const
    this.#queue.configure(
      { ...limits, sizer: 'requests', whenFull: 'refuse' },
      { minSize: 0, maxSize: 0, flushTimeoutMs: 0, sizer: 'items' },
    )
  }

  async step(one: Step): Promise<void> {
    const model = this.#model
    if (one.do === 'put') {
      const text = model.put(one.items)
      if (text) await this.#queue.put(letterBatch(text))
    } else if (one.do === 'take') {
      await this.#take()
    } else if (one.do === 'reopen') {
      await this.#reopen()
    } else if (one.do === 'tick') {
      await this.#clock.tick(one.ms)
      model.tick(this.#clock.monotonic())
    } else if (this.#out.length > 0) {
      await this.#decide(one)
    }
    expect(this.#queue.held.items).toBe(model.file.join('').length)
    expect(this.#queue.held.requests).toBe(model.file.length)
  }

  async end(): Promise<void> {
    for (;;) {
      while (this.#out.length > 0) await this.step({ do: 'done', which: 0 })
      await this.step({ do: 'tick', ms: 1000 })
      await this.#take()
      if (this.#out.length === 0) break
    }
    expect(this.#queue.held).toEqual({ requests: 0, items: 0, bytes: 0 })
    await this.#queue.close()
    expect([this.#clock.pending, this.#disk.openCount]).toEqual([0, 0])
  }

  async #take(): Promise<void> {
    const text = this.#model.take()
    if (!text) return
    const delivery = (await this.#queue.take(new AbortController().signal))!
    expect(lettersOf(delivery.batch)).toBe(text)
    this.#out.push(delivery)
  }

  async #decide(one: Extract<Step, { which: number }>): Promise<void> {
    const model = this.#model
    const at = one.which % this.#out.length
    const [delivery] = this.#out.splice(at, 1)
    const [text] = model.out.splice(at, 1)
    if (one.do === 'done') {
      delivery!.done()
      model.file = model.file.filter((other) => other !== text)
    } else if (one.do === 'retry') {
      delivery!.retry(one.delayMs)
      model.delayed.push({ text: text!, at: this.#clock.monotonic() + one.delayMs })
    } else if (model.divide(text!)) {
      expect(await delivery!.divide()).toBe(true)
    } else {
      expect(await delivery!.divide()).toBe(false)
      this.#out.push(delivery!)
      model.out.push(text!)
    }
  }

  /** What is under way is left as it is: it comes again from disk, and is lost from memory. */
  async #reopen(): Promise<void> {
    const underWay = this.#model.out.join('').length
    const lost = this.#model.reopen(this.#kind)
    this.#lost = 0
    await this.#queue.close()
    expect(this.#lost).toBe(this.#kind === 'memory' ? lost - underWay : 0)
    this.#out = []
    await this.open(this.#model.file.length % 2 === 0 ? 1e6 : 0)
  }
}

for (const kind of ['memory', 'disk'] as const) {
  test(`${kind}: as arrays do`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 80 }), fc.boolean(), async (steps, isLean) => {
        const pair = new Pair(kind)
        await pair.open(isLean ? 0 : 1e6)
        for (const one of steps) await pair.step(one)
        await pair.end()
      }),
      { seed: 11, numRuns: 150 },
    )
  })
}
