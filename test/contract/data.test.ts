/** Promises of src/sdk/component.ts about data, kept by every component that data goes through. */
import { beforeAll, describe, expect, test } from 'vitest'
import { Batch, SIGNALS, type Signal } from '#pdata'
import { type Definition, deferred, Permanent, Retryable } from '#sdk'
import { settle } from '#support'
import { ASKING, type Destination, destinationOf, ECHOES, senderTo } from './far-side.js'
import { balanceOf, bytesOf, ITEMS, live, outcomeOf, rigOf, sampleBatch } from './rig.js'
import { definitions, type Powered } from './subject.js'
import { exampleFiles, expectNothingOpen, until, World } from './world.js'

const never = () => new AbortController().signal
const GARBAGE = new Batch('traces', [new Uint8Array([0xff, 0x00, 0x17])], 1, 3)

let files: ReadonlyMap<string, string>
beforeAll(async () => {
  files = await exampleFiles()
})

const ofKind = (...kinds: readonly Definition['kind'][]) =>
  definitions.filter(({ kind }) => kinds.includes(kind))

/** Exporters with a destination. */
const senders = ofKind('exporter')
  .filter(({ name }) => !ECHOES.includes(name))
  .map((one) => [one.name, one] as const)

/** A running component in a world of its own. */
async function running(definition: Definition, seed = 1) {
  const world = new World(files, seed)
  const rig = rigOf(definition, world)
  const destination = await destinationOf(definition.name, world)
  await rig.instance.start()
  rig.instance.activate()
  return { world, destination, ...rig }
}

type Running = Awaited<ReturnType<typeof running>>

/** Stops it, with the far side still there, and looks that nothing is open or unaccounted for. */
async function finish({ world, instance, destination, keys, ledger, signals, bugs }: Running) {
  const stopped = await outcomeOf(world, instance.stop(never()))
  expect(stopped.status).toBe('fulfilled')
  await destination?.close()
  await expectNothingOpen(world)
  expect(keys()).toEqual([])
  // What is on disk stays there.
  for (const signal of signals) {
    expect(balanceOf(ledger, signal).held, signal).toBe(instance.held(signal))
  }
  expect(bugs).toEqual([])
}

describe.each(ofKind('processor', 'exporter').map((one) => [one.name, one] as const))(
  '%s takes data',
  (_, definition) => {
    test('of every signal it accepts, and its books say where it went', async () => {
      const all = await running(definition)
      expect(all.signals.length).toBeGreaterThan(0)
      for (const signal of all.signals) {
        const batch = sampleBatch(signal)
        expect(await outcomeOf(all.world, all.instance.consume(batch))).toMatchObject({
          status: 'fulfilled',
        })
      }
      await finish(all)
      const came = arrivals(all)
      for (const signal of all.signals) {
        const { entered, left, refused, lost } = balanceOf(all.ledger, signal)
        expect([entered, refused], signal).toEqual([sampleBatch(signal).items, 0])
        expect(left + lost, signal).toBe(entered)
      }
      for (const signal of came.length > 0 ? all.sent : []) {
        const arrived = came.filter((batch) => batch.signal === signal)
        const items = arrived.reduce((sum, batch) => sum + batch.items, 0)
        expect(balanceOf(all.ledger, signal), signal).toMatchObject({ left: items, held: 0 })
      }
    })

    test('and drops under reasons that can be labels', async () => {
      const all = await running(definition)
      for (const signal of all.signals) {
        await outcomeOf(all.world, all.instance.consume(sampleBatch(signal)))
      }
      await finish(all)
      for (const signal of all.signals) {
        for (const reason of all.ledger.counts(signal).dropped.keys()) {
          expect(reason).toMatch(/^[a-z][a-z ]*[a-z]$/)
        }
      }
    })

    test('and does not change the batch', async () => {
      const all = await running(definition)
      for (const signal of all.signals) {
        const batch = sampleBatch(signal)
        const before = { ...batch, bytes: Buffer.from(bytesOf(batch)) }
        await outcomeOf(all.world, all.instance.consume(batch))
        expect({ ...batch, bytes: bytesOf(batch) }).toEqual(before)
      }
      await finish(all)
    })

    test('and does the same twice from one seed', async () => {
      const once = async () => {
        const all = await running(definition, 42)
        for (const signal of all.signals) {
          for (const seed of [1, 2, 3]) {
            await outcomeOf(all.world, all.instance.consume(sampleBatch(signal, seed)))
          }
        }
        await finish(all)
        const books = all.signals.map((signal) => balanceOf(all.ledger, signal))
        // Senders are several: which of them is answered first is up to the kernel.
        const bytes = arrivals(all)
          .map((batch) => bytesOf(batch).toString('base64'))
          .sort()
        return { books, bytes, logged: all.world.fake.logged.map(({ message }) => message) }
      }
      const first = await once()
      expect(await once()).toEqual(first)
    })

    test('without ever throwing instead of rejecting', async () => {
      const world = new World(files)
      const { values } = rigOf(definition, world).instance
      const context = world.context((_, open) => open())
      const nowhere = {
        consume: () => Promise.reject(new Retryable('no')),
        reserve: () => Promise.reject(new Retryable('no')),
      }
      const component: Powered = definition.create(context, values as never, nowhere as never)
      const promises: Promise<unknown>[] = []
      for (const batch of [GARBAGE, new Batch('logs', [], 0, 0)]) {
        promises.push(component.consume!(batch))
        if (component.reserve) promises.push(component.reserve(batch))
      }
      for (const promise of promises) expect(promise).toBeInstanceOf(Promise)
      await component.stop(AbortSignal.abort())
      await outcomeOf(world, Promise.allSettled(promises))
    })

    test('and what it says it holds is what its books say', async () => {
      const all = await running(definition)
      const gate = holdAll(all)
      const [signal] = all.signals
      const outcome = outcomeOf(all.world, all.instance.consume(sampleBatch(signal!)))
      await settle()
      expect(all.instance.held(signal!)).toBe(all.ledger.held(signal!))
      gate.resolve()
      await outcome
      await finish(all)
      expect(all.instance.held(signal!)).toBe(0)
    })
  },
)

describe.each(ofKind('processor').map((one) => [one.name, one] as const))(
  '%s and what follows it',
  (_, definition) => {
    test.each([
      ['Retryable', new Retryable('full', { retryAfterMs: 1000 })],
      ['Permanent', new Permanent('bad data')],
    ])('%s comes back as it is, and nothing has entered', async (_name, error) => {
      const all = await running(definition)
      all.answer(() => Promise.reject(error))
      for (const signal of all.signals) {
        const batch = sampleBatch(signal)
        const outcome = await outcomeOf(all.world, all.instance.consume(batch))
        expect(outcome).toEqual({ status: 'rejected', reason: error })
        expect(balanceOf(all.ledger, signal)).toMatchObject({
          entered: 0,
          left: 0,
          refused: batch.items,
        })
      }
      await finish(all)
    })

    test('senders wait for as long as that takes', async () => {
      const all = await running(definition)
      const gate = holdAll(all)
      let heard = false
      const [signal] = all.signals
      const outcome = outcomeOf(all.world, all.instance.consume(sampleBatch(signal!))).then(
        () => (heard = true),
      )
      await all.world.clock.tick(3000)
      expect(heard).toBe(false)
      gate.resolve()
      await outcome
      await finish(all)
    })

    test('room that is kept is kept there too, and given back', async () => {
      const all = await running(definition)
      const [signal] = all.signals
      const caller = { hangUp: never() }
      const reservation = await all.instance.reserve(sampleBatch(signal!), caller)
      // Whoever waits there for room gives up when the sender does.
      expect(all.consumers.map((consumer) => consumer.caller)).toContain(caller)
      const reserved = () => all.consumers.map((consumer) => consumer.reserved)
      expect(reserved()).toContain(1)
      reservation.release()
      expect(reserved().every((count) => count === 0)).toBe(true)
      await finish(all)
    })
  },
)

describe.each(ofKind('processor', 'exporter').map((one) => [one.name, one] as const))(
  '%s before data is read',
  (_, definition) => {
    test('refuses what follows it would refuse, and nothing else', async () => {
      const all = await running(definition)
      for (const signal of all.signals) {
        expect(all.instance.refusal(signal, 1000)).toBeUndefined()
        const full = new Retryable('full')
        for (const consumer of all.consumers) consumer.foreseen = full
        if (definition.kind === 'processor') expect(all.instance.refusal(signal, 0)).toBe(full)
        for (const consumer of all.consumers) consumer.foreseen = undefined
      }
      await finish(all)
    })
  },
)

describe.each(ofKind('processor', 'exporter').map((one) => [one.name, one] as const))(
  '%s under load',
  (_, definition) => {
    test('stop waits for what is under way, and loses nothing', async () => {
      const all = await running(definition)
      const gate = holdAll(all)
      const outcomes = all.signals.flatMap((signal) =>
        [1, 2, 3].map((seed) => all.instance.consume(sampleBatch(signal, seed))),
      )
      await settle()
      let stopped = false
      const stopping = all.instance.stop(never()).then(() => (stopped = true))
      await settle()
      const isBusy = all.signals.some((signal) => all.ledger.held(signal) > 0)
      expect(stopped).toBe(!isBusy)
      gate.resolve()
      await outcomeOf(all.world, Promise.all([stopping, ...outcomes]))
      for (const signal of all.signals) {
        const { entered, left, lost, held } = balanceOf(all.ledger, signal)
        expect({ left: left + lost, held }, signal).toEqual({ left: entered, held: 0 })
      }
      await finish(all)
    })

    test('given up, stop ends soon and every item is in the books', async () => {
      const all = await running(definition)
      const gate = holdAll(all)
      const outcomes = all.signals.map((signal) =>
        all.instance.consume(sampleBatch(signal)).catch(() => {}),
      )
      await settle()
      const giveUp = new AbortController()
      let stopped = false
      const stopping = all.instance.stop(giveUp.signal).then(() => (stopped = true))
      giveUp.abort()
      // Without time passing: the end of the grace period is not what it takes.
      await until('stopped', () => stopped)
      await stopping
      gate.resolve()
      await outcomeOf(all.world, Promise.all(outcomes))
      await finish(all)
    })
  },
)

describe.each(senders)('%s and its destination', (_, definition) => {
  test('what is refused for good is dropped and counted', async () => {
    const all = await running(definition)
    all.destination!.answer = () => Promise.reject(new Permanent('bad data', { code: 3 }))
    for (const signal of all.signals) await all.instance.consume(sampleBatch(signal))
    await live(all.world, 'drops', () =>
      all.signals.every((signal) => balanceOf(all.ledger, signal).lost > 0),
    )
    for (const signal of all.signals) {
      const { entered, lost } = balanceOf(all.ledger, signal)
      expect(lost).toBe(entered)
    }
    await finish(all)
  })

  test('what may be tried again is, until it is taken', async () => {
    const all = await running(definition)
    let refusals = 2
    all.destination!.answer = () =>
      refusals-- > 0 ? Promise.reject(new Retryable('away')) : Promise.resolve()
    const [signal] = all.signals
    await all.instance.consume(sampleBatch(signal!))
    await live(all.world, 'a delivery', () => balanceOf(all.ledger, signal!).left > 0)
    expect(refusals).toBe(-1)
    await finish(all)
  })

  test('one that is not there is waited for', async () => {
    const all = await running(definition)
    await all.destination!.close()
    const [signal] = all.signals
    await all.instance.consume(sampleBatch(signal!))
    await live(all.world, 'a failure', () => all.instance.health().state !== 'healthy')
    expect(balanceOf(all.ledger, signal!)).toMatchObject({ left: 0, lost: 0 })
    const again = await destinationOf(definition.name, all.world)
    await live(all.world, 'a delivery', () => balanceOf(all.ledger, signal!).left > 0)
    expect(all.instance.health().state).toBe('healthy')
    await finish({ ...all, destination: again })
  })
})

describe.each(senders)('%s and its queues', (_, definition) => {
  const itemsOf = (signal: Signal) => sampleBatch(signal).items

  /** Data that its destination refuses for good, or for now. */
  async function filled(refusal: Error) {
    const all = await running(definition)
    all.destination!.answer = () => Promise.reject(refusal)
    for (const signal of all.signals) await all.instance.consume(sampleBatch(signal))
    const { queueing } = all.instance
    const reports = async () => (await queueing?.queues()) ?? []
    const queueOf = async (of: Signal) => (await reports()).find(({ signal }) => signal === of)!
    return { ...all, queueing: queueing!, reports, queueOf }
  }

  test('it tells of one for each signal, with what is in it', async () => {
    const all = await filled(new Retryable('away'))
    expect(await all.reports()).toMatchObject(
      all.signals.map((signal) => ({ signal, held: { requests: 1, items: itemsOf(signal) } })),
    )
    const [signal] = all.signals
    const [first] = await all.queueing.peek(await all.queueOf(signal!), 'queue', 10)
    expect(first).toMatchObject({ items: itemsOf(signal!), verdict: undefined })
    expect(JSON.parse(first!.toJson())).toBeTypeOf('object')
    expect(await all.queueing.peek(await all.queueOf(signal!), 'dead', 10)).toEqual([])
    all.destination!.answer = () => Promise.resolve()
    await finish(all)
  })

  test('what is dropped by hand is in the books', async () => {
    const all = await filled(new Retryable('away'))
    await live(all.world, 'a failure', () => all.instance.health().state !== 'healthy')
    for (const signal of all.signals) {
      await live(all.world, 'a drop', () => all.ledger.held(signal) > 0)
      const queue = await all.queueOf(signal)
      let dropped = 0
      // What is under way is not dropped; it comes back.
      while (dropped === 0) {
        dropped = (await all.queueing.drop(queue, 'queue')).items
        await settle()
      }
      const expected = new Map([['dropped by hand', itemsOf(signal)]])
      expect(all.ledger.counts(signal).dropped).toEqual(expected)
    }
    await finish(all)
  })

  test('dead letters go back into the queue, and from there to the destination', async () => {
    const all = await filled(new Permanent('bad data', { code: 9 }))
    await live(all.world, 'dead letters', () =>
      all.signals.every((signal) => balanceOf(all.ledger, signal).lost === itemsOf(signal)),
    )
    for (const { deadLetters, signal } of await all.reports()) {
      expect(deadLetters.items).toBe(itemsOf(signal))
    }
    all.destination!.answer = () => Promise.resolve()
    for (const signal of all.signals) {
      const queue = await all.queueOf(signal)
      const [letter] = await all.queueing.peek(queue, 'dead', 10)
      expect(letter?.verdict?.reason).toContain('bad data')
      expect(await all.queueing.requeue(queue, { force: false })).toMatchObject({
        moved: { items: itemsOf(signal) },
        isFull: false,
      })
    }
    await live(all.world, 'deliveries', () =>
      all.signals.every((signal) => balanceOf(all.ledger, signal).left === itemsOf(signal)),
    )
    for (const { deadLetters } of await all.reports()) expect(deadLetters.requests).toBe(0)
    await finish(all)
  })

  test('it takes over what another left behind', async () => {
    const all = await filled(new Retryable('away'))
    const [signal] = all.signals
    const verdict = { reason: 'bad', at: 1 }
    expect(await all.queueing.adopt(sampleBatch(signal!, 2), verdict)).toBe(true)
    expect((await all.queueing.peek(await all.queueOf(signal!), 'dead', 10))[0]).toMatchObject({
      verdict,
    })
    expect(await all.queueing.adopt(sampleBatch(signal!, 3), undefined)).toBe(true)
    all.destination!.answer = () => Promise.resolve()
    const left = () => balanceOf(all.ledger, signal!).left
    await live(all.world, 'a delivery', () => left() === 2 * itemsOf(signal!))
    await finish(all)
  })
})

const sentTo = ofKind('receiver').filter(({ name }) => !ASKING.includes(name))

describe.each(sentTo.map((one) => [one.name, one] as const))(
  '%s and its senders',
  (_, definition) => {
    async function receiving() {
      const all = await running(definition)
      const sender = senderTo(definition.name, all.world)
      const end = async () => {
        await sender.close()
        await finish(all)
      }
      return { ...all, sender, end }
    }

    test('hands on what comes, of every signal it is wired for', async () => {
      const all = await receiving()
      for (const signal of all.signals) {
        const batch = sampleBatch(signal)
        expect(await all.sender.send(batch)).toBe(0)
        expect(balanceOf(all.ledger, signal)).toMatchObject({
          entered: batch.items,
          left: batch.items,
        })
        const [arrived] = arrivals(all).filter((one) => one.signal === signal)
        expect(bytesOf(arrived!).equals(bytesOf(batch))).toBe(true)
      }
      await all.end()
    })

    test.each([
      ['Retryable', new Retryable('full'), 14],
      ['Permanent', new Permanent('bad data'), 13],
      ['a code of the destination', new Permanent('bad data', { code: 3 }), 3],
    ])('senders hear of %s, and nothing has entered', async (_name, error, code) => {
      const all = await receiving()
      all.answer(() => Promise.reject(error))
      const [signal] = all.signals
      expect(await all.sender.send(sampleBatch(signal!))).toBe(code)
      expect(balanceOf(all.ledger, signal!)).toMatchObject({ entered: 0, left: 0 })
      await all.end()
    })

    test('stop under load answers what is under way and takes no more', async () => {
      const all = await receiving()
      const gate = holdAll(all)
      const [signal] = all.signals
      const sent = all.sender.send(sampleBatch(signal!))
      await until('a request', () => all.ledger.held(signal!) > 0)
      expect(all.instance.held(signal!)).toBe(all.ledger.held(signal!))
      let stopped = false
      const stopping = all.instance.stop(never()).then(() => (stopped = true))
      await settle()
      expect(stopped).toBe(false)
      expect(await all.sender.send(sampleBatch(signal!, 2))).toBe(14)
      gate.resolve()
      expect(await sent).toBe(0)
      await all.sender.close()
      await outcomeOf(all.world, stopping)
      await all.end()
    })

    test('given up, stop ends soon', async () => {
      const all = await receiving()
      const gate = holdAll(all)
      const [signal] = all.signals
      const sent = all.sender.send(sampleBatch(signal!)).catch(() => {})
      await until('a request', () => all.ledger.held(signal!) > 0)
      const stopped = await outcomeOf(all.world, all.instance.stop(AbortSignal.abort()))
      expect(stopped.status).toBe('fulfilled')
      gate.resolve()
      await all.sender.close()
      await outcomeOf(all.world, sent)
      await all.end()
    })
  },
)

/** What has come out at the far side. */
function arrivals({ destination, consumers }: Running): readonly Batch[] {
  return destination?.taken ?? consumers.flatMap(({ taken }) => taken)
}

/** Makes the far side wait until the gate is open. */
function holdAll({ destination, answer }: Pick<Running, 'destination' | 'answer'>) {
  const gate = deferred()
  answer(() => gate.promise)
  if (destination) setAnswer(destination, () => gate.promise)
  return gate
}

function setAnswer(destination: Destination, answer: Destination['answer']): void {
  destination.answer = answer
}

test('samples hold what the tests count on', () => {
  const counts = SIGNALS.map((signal) => sampleBatch(signal).items)
  expect(counts).toEqual([ITEMS, 2 * ITEMS, ITEMS, ITEMS, ITEMS])
  expect(bytesOf(sampleBatch('traces', 1)).equals(bytesOf(sampleBatch('traces', 2)))).toBe(false)
})
