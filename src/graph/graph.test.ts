import { describe, expect, test } from 'vitest'
import { Retryable } from '#sdk'
import { settle } from '#support'
import { toyGraph } from '../../test/support/toy-graph.js'
import { FULL, toyNode, toyProgram } from '../../test/support/toy-program.js'

describe('loading', () => {
  test('starts receivers last and activates nothing before all have started', async () => {
    const { graph, chain, journal, actions } = toyGraph()
    const outcome = await graph.apply(chain())
    expect(actions(outcome)).toEqual(['create sink', 'create pass', 'create source'])
    expect(journal.take()).toEqual([
      'start sink',
      'start pass',
      'start source',
      'activate sink',
      'activate pass',
      'activate source',
    ])
  })

  test('data flows through ports and every ledger balances', async () => {
    const { graph, chain, emit, journal } = toyGraph()
    await graph.apply(chain())
    await emit('source', 7)
    expect(journal.taken.get('sink')?.map(({ items }) => items)).toEqual([7])
    for (const { ledger } of graph.instances) {
      expect(ledger.counts('traces')).toMatchObject({ entered: 7, left: 7, refused: 0 })
      expect(ledger.held('traces')).toBe(0)
    }
  })

  test('a failed start undoes all and says which block', async () => {
    const { graph, chain, journal } = toyGraph()
    journal.faults.set('start source', () => {
      throw new Retryable('cannot listen on 127.0.0.1:1: address in use')
    })
    const outcome = await graph.apply(chain())
    expect(outcome).toMatchObject({
      ok: false,
      diagnostics: [
        { code: 'start-failed', message: expect.stringContaining('source did not start: cannot') },
      ],
    })
    expect(journal.take().slice(3)).toEqual(['stop source', 'stop pass', 'stop sink'])
    expect(graph.instances).toEqual([])
  })
})

describe('reloading', () => {
  test('the same program touches nothing', async () => {
    const { graph, chain, journal, actions } = toyGraph()
    await graph.apply(chain())
    journal.take()
    expect(actions(await graph.apply(chain()))).toEqual(['keep sink', 'keep pass', 'keep source'])
    expect(journal.take()).toEqual([])
  })

  test('a changed sink is replaced behind its port, upstreams stay', async () => {
    const { graph, chain, journal, actions, emit } = toyGraph()
    await graph.apply(chain('a'))
    journal.take()
    const outcome = await graph.apply(chain('b'))
    expect(actions(outcome)).toEqual(['replace sink', 'keep pass', 'keep source'])
    await settle()
    expect(journal.take()).toEqual(['start sink', 'activate sink', 'stop sink'])
    await emit()
    expect(journal.taken.get('sink')).toHaveLength(1)
  })

  test('calls under way finish on the old instance before it lets go', async () => {
    const { graph, define, journal, emit } = toyGraph()
    const program = (text: string) =>
      toyProgram(
        toyNode('sink', define.sink, { values: { text, key: text } }),
        toyNode('source', define.source, { to: ['sink'] }),
      )
    await graph.apply(program('old'))
    let release = () => {}
    journal.faults.set('consume sink', () => new Promise((resolve) => (release = resolve)))
    const pending = emit()
    await settle()
    const outcome = await graph.apply(program('new'))
    await settle()
    expect(journal.lines).toContain('stop sink')
    expect(journal.lines).not.toContain('close old')
    release()
    await pending
    if (outcome.ok) expect(await outcome.drained).toMatchObject({ instances: 1, unbalanced: [] })
    expect(journal.lines).toContain('close old')
  })

  test('a failed start leaves the running side untouched', async () => {
    const { graph, chain, journal, emit } = toyGraph()
    await graph.apply(chain('a'))
    journal.take()
    journal.faults.set('start pass', () => {
      throw new Retryable('no')
    })
    expect(await graph.apply(chain('b', 'b'))).toMatchObject({ ok: false })
    expect(journal.take()).toEqual(['start sink', 'start pass', 'stop pass', 'stop sink'])
    await emit()
    expect(journal.taken.get('sink')).toHaveLength(1)
    expect(journal.take()).toEqual(['reserve sink', 'consume sink', 'release sink'])
  })

  test('removed components stop senders first', async () => {
    const { graph, chain, journal, actions } = toyGraph()
    await graph.apply(chain())
    journal.take()
    const outcome = await graph.apply(toyProgram())
    expect(actions(outcome)).toEqual(['remove sink', 'remove pass', 'remove source'])
    if (outcome.ok) await outcome.drained
    expect(journal.take()).toEqual(['stop source', 'stop pass', 'stop sink'])
  })

  test('components that do not stop are left behind at the deadline', async () => {
    const { graph, chain, journal, clock, lines } = toyGraph()
    await graph.apply(chain())
    journal.faults.set('stop pass', () => new Promise(() => {}))
    const outcome = await graph.apply(toyProgram())
    await clock.tick(10_000)
    if (outcome.ok) expect((await outcome.drained).instances).toBe(3)
    expect(lines.join('')).toContain('did not stop in time')
  })

  test('two components may swap what they hold', async () => {
    const { graph, define, journal, actions } = toyGraph()
    const program = (a: string, b: string) =>
      toyProgram(
        toyNode('a', define.sink, { values: { key: a } }),
        toyNode('b', define.sink, { values: { key: b } }),
      )
    await graph.apply(program('one', 'two'))
    journal.take()
    expect(actions(await graph.apply(program('two', 'one')))).toEqual(['replace a', 'replace b'])
    await settle()
    const lines = journal.take()
    expect(lines.filter((line) => /^(open|close)/.test(line))).toEqual([])
  })

  test('a key that a component keeps cannot be taken by another', async () => {
    const { graph, define } = toyGraph()
    const one = toyNode('a', define.sink, { values: { key: 'listen 127.0.0.1:4317' } })
    await graph.apply(toyProgram(one))
    const two = toyNode('b', define.sink, { values: { key: 'listen 127.0.0.1:4317' } })
    expect(await graph.apply(toyProgram(one, two))).toMatchObject({
      ok: false,
      diagnostics: [{ message: 'b did not start: listen 127.0.0.1:4317 is in use by a' }],
    })
  })
})

describe('exports', () => {
  const build = ({ define }: ReturnType<typeof toyGraph>, text: string) =>
    toyProgram(
      toyNode('text', define.holder, { values: { text } }),
      toyNode('sink', define.sink, { textOf: 'text' }),
      toyNode('other', define.sink),
    )

  test('a new export value replaces what uses it and nothing else', async () => {
    const all = toyGraph()
    await all.graph.apply(build(all, 'a'))
    all.journal.take()
    all.journal.contexts.get('text')!.publish({ content: 'b' })
    await settle()
    expect(all.journal.take()).toEqual(['start sink', 'activate sink', 'stop sink'])
    all.journal.contexts.get('text')!.publish({ content: 'b' })
    await settle()
    expect(all.journal.take()).toEqual([])
  })

  test('a component that refuses the new value keeps the last good one and says so', async () => {
    const all = toyGraph()
    await all.graph.apply(build(all, 'a'))
    all.journal.faults.set('start sink', () => {
      throw new Retryable('bad text')
    })
    all.journal.contexts.get('text')!.publish({ content: 'b' })
    await settle()
    expect(all.lines.join('')).toContain('the last good arguments stay')
  })

  test('a plan tells what waits for a start as a change, and changes nothing', async () => {
    const all = toyGraph()
    await all.graph.apply(build(all, 'a'))
    all.journal.take()
    const { steps } = await all.graph.plan(build(all, 'b'))
    expect(steps.map(({ id, action }) => `${action} ${id}`)).toEqual([
      'replace text',
      'replace sink',
      'keep other',
    ])
    expect(all.journal.take()).toEqual([])
  })

  test('what waited for a start and turns out the same is kept', async () => {
    const all = toyGraph()
    const { graph, define, actions } = all
    const program = (key: string) =>
      toyProgram(
        toyNode('text', define.holder, { values: { text: 'same', key } }),
        toyNode('sink', define.sink, { textOf: 'text' }),
      )
    await graph.apply(program('1'))
    expect(actions(await graph.apply(program('2')))).toEqual(['replace text', 'keep sink'])
  })
})

describe('fan-out', () => {
  test('a full branch refuses before any branch stores', async () => {
    const { graph, define, journal, emit } = toyGraph()
    await graph.apply(
      toyProgram(
        toyNode('a', define.sink),
        toyNode('b', define.sink),
        toyNode('pass', define.pass, { to: ['b'] }),
        toyNode('source', define.source, { to: ['a', 'pass'] }),
      ),
    )
    journal.take()
    journal.faults.set('reserve b', () => {
      throw FULL
    })
    await expect(emit()).rejects.toBe(FULL)
    expect(journal.take()).toEqual(['reserve a', 'reserve b', 'release a'])
    journal.faults.clear()
    await emit()
    expect(journal.taken.get('a')).toHaveLength(1)
    expect(journal.taken.get('b')).toHaveLength(1)
    const [, , , source] = graph.instances
    expect(source?.ledger.counts('traces')).toMatchObject({ entered: 1, left: 1, refused: 1 })
  })
})

describe('bugs', () => {
  test('a component that throws is restarted with back-off, its resources kept', async () => {
    const { graph, define, journal, clock, emit } = toyGraph()
    await graph.apply(
      toyProgram(
        toyNode('sink', define.sink, { values: { key: 'queue' } }),
        toyNode('source', define.source, { to: ['sink'] }),
      ),
    )
    journal.faults.set('consume sink', () => {
      throw new TypeError('undefined is not a function')
    })
    await expect(emit()).rejects.toBeInstanceOf(Retryable)
    await expect(emit()).rejects.toThrow('sink is being restarted')
    expect(graph.instances[0]?.health()).toMatchObject({ state: 'unhealthy' })
    journal.faults.clear()
    await settle()
    journal.take()
    await clock.tick(1000)
    expect(journal.take()).toEqual(['start sink', 'activate sink'])
    await emit()
    expect(graph.instances[0]?.health().state).toBe('healthy')
    expect(journal.lines).not.toContain('close queue')
  })

  test('a restart that fails is tried again, ever later, until a reload', async () => {
    const { graph, chain, journal, clock, emit } = toyGraph()
    await graph.apply(chain('a'))
    const throwing = () => {
      throw new TypeError('bug')
    }
    journal.faults.set('consume sink', throwing)
    journal.faults.set('start sink', throwing)
    await emit().catch(() => {})
    journal.take()
    await clock.tick(10_000)
    expect(journal.take().filter((line) => line === 'start sink')).toHaveLength(3)
    journal.faults.clear()
    expect(await graph.apply(chain('b'))).toMatchObject({ ok: true })
    await settle()
    journal.take()
    await clock.tick(100_000)
    expect(journal.take()).toEqual([])
    await emit()
  })
})

test('shutdown stops senders first and reports the drain', async () => {
  const { graph, chain, journal } = toyGraph()
  await graph.apply(chain())
  journal.take()
  expect(await graph.shutdown()).toMatchObject({ instances: 3, droppedItems: 0, unbalanced: [] })
  expect(journal.take()).toEqual(['stop source', 'stop pass', 'stop sink'])
})
