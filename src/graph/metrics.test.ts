import { expect, test } from 'vitest'
import { Retryable } from '#sdk'
import { settle } from '#support'
import { toyGraph } from '../../test/support/toy-graph.js'
import { toyBatch, toyNode, toyProgram } from '../../test/support/toy-program.js'

/** The samples of a family: what follows its name, such as `{a="b"} 1`. */
function samples(text: string, name: string): string[] {
  return text
    .split('\n')
    .flatMap((line) => (line.startsWith(name) ? [line.slice(name.length)] : []))
}

function scraped(all: ReturnType<typeof toyGraph>, name: string): string[] {
  return samples(all.metrics.render('prometheus'), name)
}

/** Of the ledger of one component's traces, without the labels that say so. */
function tracesOf(all: ReturnType<typeof toyGraph>, id: string, name: string): string[] {
  const labels = `component_id="${id}",signal="traces"`
  return scraped(all, name).flatMap((sample) =>
    sample.startsWith(`{${labels}`) ? [sample.slice(labels.length + 1).replace(/^,/, '{')] : [],
  )
}

test('components are counted by health', async () => {
  const all = toyGraph()
  const running = () => scraped(all, 'weir_component_controller_running_components')
  expect(running()).toEqual([
    '{health_type="healthy"} 0',
    '{health_type="degraded"} 0',
    '{health_type="unhealthy"} 0',
  ])
  await all.graph.apply(all.chain())
  expect(running()[0]).toBe('{health_type="healthy"} 3')
  all.journal.faults.set('consume sink', () => {
    throw new TypeError('bug')
  })
  await all.emit().catch(() => {})
  expect(running()).toEqual([
    '{health_type="healthy"} 2',
    '{health_type="degraded"} 0',
    '{health_type="unhealthy"} 1',
  ])
})

test('evaluations are counted: of every component in each load', async () => {
  const all = toyGraph()
  const evaluations = () => scraped(all, 'weir_component_evaluations_total')
  expect(evaluations()).toEqual([' 0'])
  await all.graph.apply(all.chain())
  expect(evaluations()).toEqual([' 3'])
  await all.graph.apply(all.chain('changed'))
  expect(evaluations()).toEqual([' 6'])
  await all.graph.plan(all.chain())
  expect(evaluations()).toEqual([' 6'])
})

test('ledgers are told from 0 on, of components that data goes through', async () => {
  const all = toyGraph()
  const { define } = all
  await all.graph.apply(
    toyProgram(
      toyNode('text', define.holder),
      toyNode('sink', define.sink),
      toyNode('source', define.source, { to: ['sink'] }),
    ),
  )
  const items = scraped(all, 'weir_ledger_items_total')
  expect(items).toHaveLength(2 * 3 * 3)
  expect(items.every((sample) => sample.endsWith('} 0'))).toBe(true)
  expect(scraped(all, 'weir_ledger_held_items')).toHaveLength(2 * 3)
})

test('items that entered have left, were refused or dropped, or are held', async () => {
  const all = toyGraph()
  const { emit, journal } = all
  await all.graph.apply(all.chain())
  await emit('source', 5)
  journal.faults.set('consume sink', () => {
    throw new Retryable('away')
  })
  await emit('source', 2).catch(() => {})
  let release = () => {}
  journal.faults.set('consume sink', () => new Promise((resolve) => (release = resolve)))
  const pending = emit('source', 4)
  await settle()
  for (const id of ['source', 'pass', 'sink']) {
    expect(tracesOf(all, id, 'weir_ledger_items_total'), id).toEqual([
      '{outcome="entered"} 11',
      '{outcome="left"} 5',
      '{outcome="refused"} 2',
    ])
    expect(tracesOf(all, id, 'weir_ledger_held_items'), id).toEqual(['} 4'])
  }
  release()
  await pending
  expect(tracesOf(all, 'source', 'weir_ledger_held_items')).toEqual(['} 0'])
})

test('dropped items carry their reason', async () => {
  const all = toyGraph()
  await all.graph.apply(toyProgram(toyNode('source', all.define.source)))
  await all.journal.intakes.get('source')!.deliver(toyBatch(3))
  expect(tracesOf(all, 'source', 'weir_ledger_items_total')).toEqual([
    '{outcome="entered"} 3',
    '{outcome="left"} 0',
    '{outcome="refused"} 0',
    '{outcome="dropped",reason="no consumer"} 3',
  ])
})

test('entered never falls, so that rates hold when items are refused', async () => {
  const all = toyGraph()
  await all.graph.apply(all.chain())
  await all.emit('source', 5)
  let last = 5
  const entered = () =>
    Number(tracesOf(all, 'sink', 'weir_ledger_items_total')[0]!.replace(/.* /, ''))
  all.journal.faults.set('consume sink', () => {
    expect(entered()).toBeGreaterThanOrEqual(last)
    last = entered()
    throw new Retryable('away')
  })
  for (let n = 0; n < 3; n++) await all.emit('source', 1).catch(() => {})
  expect(entered()).toBe(8)
})

test('removed components leave no samples behind', async () => {
  const all = toyGraph()
  await all.graph.apply(all.chain())
  await all.graph.apply(toyProgram())
  await settle()
  expect(all.metrics.render('prometheus')).not.toContain('component_id')
})

test('a refused reload leaves the figures of what runs', async () => {
  const all = toyGraph()
  const { define, graph, journal } = all
  const counting = {
    ...define.sink,
    create: (context: Parameters<typeof define.sink.create>[0], values: never, next: never) => {
      context.meter.counter('toy_started', 'Starts.').add(1)
      return define.sink.create(context, values, next)
    },
  }
  const program = (text: string) => toyProgram(toyNode('sink', counting, { values: { text } }))
  await graph.apply(program('a'))
  journal.faults.set('start sink', () => {
    throw new Retryable('no')
  })
  expect(await graph.apply(program('b'))).toMatchObject({ ok: false })
  expect(scraped(all, 'toy_started_total')).toEqual(['{component_id="sink"} 1'])
})
