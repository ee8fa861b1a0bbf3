/** Changes that come while earlier ones are not over. */
import { describe, expect, test } from 'vitest'
import { attributes, defineProcessor, output } from '#sdk'
import { settle } from '#support'
import { drainedOf, toyGraph } from '../../test/support/toy-graph.js'
import { type Journal, toyNode, toyProgram } from '../../test/support/toy-program.js'

const EMPTY = toyProgram()

/** Makes a step of a toy wait until the function it gives is called. */
function hold(journal: Journal, line: string): () => void {
  let release = () => {}
  journal.faults.set(line, () => new Promise<void>((resolve) => (release = resolve)))
  return () => release()
}

function withQueue() {
  const all = toyGraph()
  const { define } = all
  const program = toyProgram(
    toyNode('sink', define.sink, { values: { key: 'queue' } }),
    toyNode('source', define.source, { to: ['sink'] }),
  )
  return { ...all, program }
}

describe('a component that is back before its old instance has drained', () => {
  test('takes over what the old one holds, and its books', async () => {
    const { graph, journal, emit, find, program } = withQueue()
    await graph.apply(program)
    const release = hold(journal, 'consume sink')
    const pending = emit('source', 5)
    await settle()
    const first = drainedOf(await graph.apply(EMPTY))
    await settle()

    expect(await graph.apply(program)).toMatchObject({ ok: true })
    journal.faults.clear()
    await emit('source', 2)
    expect(find('sink').ledger.counts('traces')).toMatchObject({ entered: 7, left: 2 })
    release()
    await pending
    expect(await first).toMatchObject({ instances: 2, unbalanced: [] })
    expect(find('sink').ledger.counts('traces')).toMatchObject({ entered: 7, left: 7 })
    expect(journal.lines).not.toContain('close queue')

    expect(await drainedOf(await graph.apply(EMPTY))).toMatchObject({ unbalanced: [] })
    expect(journal.lines).toContain('close queue')
  })

  test('has fresh books once the old one is gone', async () => {
    const { graph, emit, find, program } = withQueue()
    await graph.apply(program)
    await emit('source', 5)
    await drainedOf(await graph.apply(EMPTY))
    await graph.apply(program)
    expect(find('sink').ledger.counts('traces')).toMatchObject({ entered: 0, left: 0 })
  })

  test('and removed again, the last one to go closes the books', async () => {
    const { graph, journal, emit, program } = withQueue()
    await graph.apply(program)
    const release = hold(journal, 'consume sink')
    const pending = emit('source', 5)
    await settle()
    const first = drainedOf(await graph.apply(EMPTY))
    await settle()
    journal.faults.clear()
    await graph.apply(program)
    const second = drainedOf(await graph.apply(EMPTY))
    expect(await second).toMatchObject({ unbalanced: [] })
    release()
    await pending
    expect(await first).toMatchObject({ unbalanced: [] })
  })
})

test('a component that loses items is named when it is gone', async () => {
  const { graph, define, emit } = toyGraph()
  const leak = defineProcessor({
    name: 'toy.leak',
    stability: 'experimental',
    about: 'Loses what it gets.',
    schema: attributes({ output }),
    create: () => ({ consume: async () => {}, stop: async () => {} }),
  })
  await graph.apply(
    toyProgram(toyNode('leak', leak), toyNode('source', define.source, { to: ['leak'] })),
  )
  await emit('source', 3)
  expect(await drainedOf(await graph.apply(EMPTY))).toMatchObject({ unbalanced: ['leak'] })
})

describe('two quick reloads', () => {
  test('run one after the other, the second against what the first made', async () => {
    const { graph, chain, journal, actions } = toyGraph()
    await graph.apply(chain('a'))
    const release = hold(journal, 'start sink')
    const first = graph.apply(chain('b'))
    const second = graph.apply(chain('c', 'c'))
    await settle()
    release()
    await settle()
    release()
    expect(actions(await first)).toEqual(['replace sink', 'keep pass', 'keep source'])
    expect(actions(await second)).toEqual(['replace sink', 'replace pass', 'keep source'])
  })

  test('each has its own drain', async () => {
    const { graph, chain, journal } = toyGraph()
    await graph.apply(chain('a'))
    const release = hold(journal, 'stop sink')
    const first = drainedOf(await graph.apply(chain('b')))
    await settle()
    journal.faults.clear()
    expect(await drainedOf(await graph.apply(chain('c')))).toMatchObject({ instances: 1 })
    release()
    expect(await first).toMatchObject({ instances: 1 })
  })
})

describe('shutdown', () => {
  test('waits for what an earlier reload still drains', async () => {
    const { graph, journal, program } = withQueue()
    await graph.apply(program)
    const release = hold(journal, 'stop sink')
    await graph.apply(EMPTY)
    await settle()
    let done = false
    const shutdown = graph.shutdown().then(() => (done = true))
    await settle()
    expect(done).toBe(false)
    release()
    await shutdown
    expect(journal.lines.at(-1)).toBe('close queue')
  })

  test('comes after a reload under way, and stops what that made', async () => {
    const { graph, chain, journal } = toyGraph()
    await graph.apply(chain('a'))
    const release = hold(journal, 'start sink')
    const reload = graph.apply(chain('b'))
    const shutdown = graph.shutdown()
    await settle()
    expect(journal.lines).not.toContain('stop source')
    release()
    expect(await reload).toMatchObject({ ok: true })
    expect(await shutdown).toMatchObject({ instances: 3, unbalanced: [] })
    const stops = journal.lines.filter((line) => line === 'stop sink')
    expect(stops).toHaveLength(2)
  })
})

describe('what two components want', () => {
  test('is opened again only once it has been closed', async () => {
    const { graph, define, journal, program } = withQueue()
    await graph.apply(program)
    const release = hold(journal, 'close queue')
    await graph.apply(EMPTY)
    await settle()
    expect(journal.take()).toContain('close queue')
    const other = toyProgram(toyNode('other', define.sink, { values: { key: 'queue' } }))
    const applied = graph.apply(other)
    await settle()
    expect(journal.lines).toEqual([])
    release()
    expect(await applied).toMatchObject({ ok: true })
    expect(journal.lines[0]).toBe('open queue')
  })

  test('stays with the one that turns out to be kept', async () => {
    const { graph, define } = toyGraph()
    const text = (key: string) => toyNode('text', define.holder, { values: { text: 'same', key } })
    const holder = toyNode('old', define.sink, { textOf: 'text', values: { key: 'port' } })
    await graph.apply(toyProgram(text('1'), holder))
    const taker = toyNode('new', define.sink, { values: { key: 'port' } })
    // Whether "old" changes is known only after "text" has started, and then "new" has the port.
    expect(await graph.apply(toyProgram(text('2'), taker, holder))).toMatchObject({
      ok: false,
      diagnostics: [{ message: 'new did not start: port is in use by old' }],
    })
  })
})
