import { type Batch, receiveBatch, type Signal } from '#pdata'
import { type Definition, Ledger } from '#sdk'
import { Instance } from '../../src/graph/instance.js'
import { ResourcePool } from '../../src/graph/resource-pool.js'
import { sampleRequest } from '../support/otlp.js'
import { subjectOf } from './subject.js'
import { until, type World } from './world.js'

/** A component as its example sets it up, in a real instance with a real ledger. */
export function rigOf(definition: Definition, world: World) {
  const { values, consumers } = subjectOf(definition)
  const pool = new ResourcePool()
  const ledger = new Ledger()
  const bugs: unknown[] = []
  const id = `${definition.name}.a`
  const events = { published() {}, failed: (_: Instance, error: unknown) => void bugs.push(error) }
  const instance = new Instance({ id, definition }, values, ledger, pool, world.services(), events)
  const outputs = definition.outputs(values as never)
  const wired = (Object.keys(outputs) as Signal[]).filter((one) => outputs[one].length > 0)
  const accepted = definition.accepts(values as never)
  return {
    instance,
    ledger,
    consumers,
    bugs,
    /** The signals that data may come in by. */
    signals: definition.kind === 'receiver' ? wired : accepted,
    /** Those that go out, which may be others. */
    sent: wired.length > 0 ? wired : accepted,
    /** Makes every consumer answer so. */
    answer: (reply: (batch: Batch) => Promise<void>) => {
      for (const consumer of consumers) consumer.answer = reply
    },
    keys: () => pool.keysOf(id),
  }
}

export const ITEMS = 7

/** A batch of `ITEMS` items or so, another one for each seed. */
export function sampleBatch(signal: Signal, seed = 1): Batch {
  return receiveBatch(signal, sampleRequest(signal, { items: ITEMS, resources: 2, seed }))
}

export function bytesOf({ chunks }: Batch): Buffer {
  return Buffer.concat(chunks)
}

/** Lets time pass and sockets work until a promise has settled. */
export async function outcomeOf<T>(
  world: World,
  work: Promise<T>,
): Promise<PromiseSettledResult<T>> {
  let outcome: PromiseSettledResult<T> | undefined
  const settled = Promise.allSettled([work]).then(([one]) => {
    outcome = one
  })
  await live(world, 'an outcome', () => outcome !== undefined)
  await settled
  return outcome!
}

/** As `until`, with time passing. */
export async function live(world: World, what: string, probe: () => boolean): Promise<void> {
  let ticking: Promise<void> | undefined
  await until(what, () => {
    ticking ??= world.clock.tick(100).finally(() => {
      ticking = undefined
    })
    return probe()
  })
  await ticking
}

/** Of one signal: what entered has left, was dropped for a reason, or is held. */
export function balanceOf(ledger: Ledger, signal: Signal) {
  const { entered, left, refused, dropped } = ledger.counts(signal)
  const lost = [...dropped.values()].reduce((sum, items) => sum + items, 0)
  return { entered, left, refused, lost, held: ledger.held(signal) }
}
