/** Samples and entries go through a graph as OTLP does. */
import { describe, expect, test } from 'vitest'
import { checkSources, Registry } from '#config'
import { Source } from '#grammar'
import { type Batch, encodeLabels, SampleBatchBuilder, type Signal } from '#pdata'
import {
  attributes,
  type Component,
  type Context,
  defineExporter,
  defineProcessor,
  defineReceiver,
  forwardTo,
  type Intake,
  type Next,
  output,
  Permanent,
  Retryable,
} from '#sdk'
import { batchOf } from '../../test/support/running-component.js'
import { toyGraph } from '../../test/support/toy-graph.js'

/** What toys did: "store.a keeps", "store.a takes 3 samples", "store.a lets go". */
const notes: string[] = []
const intakes = new Map<string, Intake>()
/** What a store says to whoever asks for room, or gives it a batch. */
const refusals = new Map<string, Error>()

const common = { stability: 'generally-available', about: 'For the test.' } as const
const stop = () => Promise.resolve()

function source({ id }: Context, _: unknown, intake: Intake<never>): Component {
  return { activate: () => void intakes.set(id, intake as Intake), stop } as Component
}

function store({ id, ledger }: Context) {
  const refuse = (step: string) => {
    const refusal = refusals.get(`${id} ${step}`)
    if (refusal) throw refusal
  }
  return {
    stop,
    async reserve() {
      notes.push(`${id} keeps`)
      refuse('room')
      return { release: () => void notes.push(`${id} lets go`) }
    },
    async consume({ signal, items }: Batch) {
      notes.push(`${id} takes ${items} ${signal}`)
      refuse('data')
      ledger.leave(signal, items)
    },
  }
}

/** One sample for each data point. */
class Converter implements Component {
  readonly #context: Context
  readonly #next: Next<'samples'>

  constructor(context: Context, next: Next<'samples'>) {
    this.#context = context
    this.#next = next
  }

  stop = stop

  async consume({ signal, items }: Batch<'metrics'>) {
    const { ledger } = this.#context
    const builder = new SampleBatchBuilder()
    builder.beginSeries(encodeLabels(['__name__', 'a']))
    for (let n = 0; n < 2 * items; n++) builder.sample(n, n)
    builder.endSeries()
    const batch = builder.take()
    ledger.enter('samples', batch.items)
    try {
      await this.#next.consume(batch)
    } catch (error) {
      ledger.refuse('samples', batch.items)
      throw error
    }
    ledger.leave(signal, items)
  }
}

const samplesOn = attributes({ forward_to: forwardTo('samples') })
const schema = attributes({})
const registry = new Registry([
  defineReceiver({ ...common, name: 'toy.scrape', schema: samplesOn, create: source }),
  defineReceiver({
    ...common,
    name: 'toy.tail',
    schema: attributes({ forward_to: forwardTo('entries') }),
    create: source,
  }),
  defineReceiver({ ...common, name: 'toy.otlp', schema: attributes({ output }), create: source }),
  defineProcessor({
    ...common,
    name: 'toy.relabel',
    schema: samplesOn,
    create: (_, __, next) => ({ stop, consume: (batch) => next.consume(batch) }),
  }),
  defineProcessor({
    ...common,
    name: 'toy.convert',
    schema: samplesOn,
    accepts: ['metrics'],
    create: (context, _, next) => new Converter(context, next),
  }),
  defineExporter({ ...common, name: 'toy.store', schema, accepts: ['samples'], create: store }),
  defineExporter({ ...common, name: 'toy.lines', schema, accepts: ['entries'], create: store }),
])

async function running(text: string) {
  notes.length = 0
  refusals.clear()
  const all = toyGraph()
  const { program } = checkSources([new Source('toy.river', text)], {
    registry,
    stability: 'generally-available',
    environment: { env: () => undefined, constants: new Map() },
  })
  expect(await all.graph.apply(program!)).toMatchObject({ ok: true })
  const send = (id: string, signal: Signal, items = 3) =>
    intakes.get(`toy.${id}`)!.deliver(batchOf(signal, items))
  const counts = (id: string, signal: Signal) => {
    const { entered, left, refused } = all.find(`toy.${id}`).ledger.counts(signal)
    return [entered, left, refused]
  }
  const isBalanced = () => all.graph.instances.every((one) => one.isBalanced)
  return { ...all, send, counts, isBalanced }
}

const FAN_OUT = `toy.scrape "s" { forward_to = [toy.relabel.r.receiver, toy.store.b.receiver] }
toy.relabel "r" { forward_to = [toy.store.a.receiver] }
toy.store "a" { }
toy.store "b" { }
`

describe('samples to several receivers', () => {
  test('room is kept everywhere before any of them takes them', async () => {
    const { send, counts, isBalanced } = await running(FAN_OUT)
    await send('scrape.s', 'samples')
    expect(notes).toEqual([
      ...['toy.store.a keeps', 'toy.store.b keeps'],
      ...['toy.store.a takes 3 samples', 'toy.store.b takes 3 samples'],
      ...['toy.store.a lets go', 'toy.store.b lets go'],
    ])
    for (const id of ['scrape.s', 'relabel.r', 'store.a', 'store.b']) {
      expect(counts(id, 'samples')).toEqual([3, 3, 0])
    }
    expect(isBalanced()).toBe(true)
  })

  test('all or nothing: one without room is asked before the others store', async () => {
    const { send, counts, isBalanced } = await running(FAN_OUT)
    const full = new Retryable('full')
    refusals.set('toy.store.b room', full)
    await expect(send('scrape.s', 'samples')).rejects.toBe(full)
    expect(notes).toEqual(['toy.store.a keeps', 'toy.store.b keeps', 'toy.store.a lets go'])
    expect(counts('scrape.s', 'samples')).toEqual([0, 0, 3])
    expect(counts('store.a', 'samples')).toEqual([0, 0, 0])
    expect(isBalanced()).toBe(true)
  })

  test('to none: they are dropped and counted', async () => {
    const { send, find } = await running('toy.scrape "s" { forward_to = [] }')
    await send('scrape.s', 'samples')
    expect(find('toy.scrape.s').ledger.counts('samples').dropped).toEqual(
      new Map([['no consumer', 3]]),
    )
  })
})

describe('metrics made into samples', () => {
  const CONVERT = `toy.otlp "o" {
  output { metrics = [toy.convert.c.input] }
}
toy.convert "c" { forward_to = [toy.store.a.receiver] }
toy.store "a" { }
`

  test('both are in the books', async () => {
    const { send, counts, isBalanced } = await running(CONVERT)
    await send('otlp.o', 'metrics', 1)
    expect(counts('convert.c', 'metrics')).toEqual([2, 2, 0])
    expect(counts('convert.c', 'samples')).toEqual([4, 4, 0])
    expect(counts('store.a', 'samples')).toEqual([4, 4, 0])
    expect(isBalanced()).toBe(true)
  })

  test('what is refused has not entered', async () => {
    const { send, counts, isBalanced } = await running(CONVERT)
    refusals.set('toy.store.a data', new Permanent('bad'))
    await expect(send('otlp.o', 'metrics', 1)).rejects.toThrow('bad')
    expect(counts('convert.c', 'metrics')).toEqual([0, 0, 2])
    expect(counts('convert.c', 'samples')).toEqual([0, 0, 4])
    expect(isBalanced()).toBe(true)
  })
})

test('figures and edges name the signals that a component has to do with', async () => {
  const { send, metrics, find, counts } = await running(`${FAN_OUT}
toy.tail "t" { forward_to = [toy.lines.l.receiver] }
toy.lines "l" { }
`)
  await send('tail.t', 'entries', 5)
  expect(notes).toEqual(['toy.lines.l keeps', 'toy.lines.l takes 5 entries', 'toy.lines.l lets go'])
  expect(counts('lines.l', 'entries')).toEqual([5, 5, 0])
  const text = metrics.render('prometheus')
  const signalsOf = (id: string) => {
    const found = text.matchAll(
      new RegExp(`^weir_ledger_held_items\\{component_id="${id}",signal="(\\w+)"`, 'gm'),
    )
    return [...found].map(([, signal]) => signal)
  }
  expect(signalsOf('toy.tail.t')).toEqual(['entries'])
  expect(signalsOf('toy.store.a')).toEqual(['samples'])
  expect(text).toContain(
    'weir_ledger_items_total{component_id="toy.tail.t",signal="entries",outcome="left"} 5',
  )
  expect(find('toy.scrape.s').edges).toEqual([
    { to: 'toy.relabel.r', signal: 'samples' },
    { to: 'toy.store.b', signal: 'samples' },
  ])
  expect(find('toy.tail.t').edges).toEqual([{ to: 'toy.lines.l', signal: 'entries' }])
})
