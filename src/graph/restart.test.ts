/** Components with bugs: what becomes of them, of what they hold, and of the rest. */
import { describe, expect, test } from 'vitest'
import { Retryable } from '#sdk'
import { settle } from '#support'
import { drainedOf, toyGraph } from '../../test/support/toy-graph.js'
import { toyNode, toyProgram } from '../../test/support/toy-program.js'

const bug = () => {
  throw new TypeError('undefined is not a function')
}

/** source -> sink, where "sink" holds the resource "port". */
function withPort() {
  const all = toyGraph()
  const { define, journal, emit } = all
  const program = (text = '') =>
    toyProgram(
      toyNode('sink', define.sink, { values: { key: 'port', text } }),
      toyNode('source', define.source, { to: ['sink'] }),
    )
  const breakSink = async () => {
    journal.faults.set('consume sink', bug)
    await emit().catch(() => {})
    journal.faults.clear()
    await settle()
    journal.take()
  }
  return { ...all, program, breakSink }
}

describe('a reload while a component waits for its restart', () => {
  test('that changes nothing leaves it waiting', async () => {
    const { graph, program, breakSink, journal, clock, find, actions } = withPort()
    await graph.apply(program())
    await breakSink()
    expect(actions(await graph.apply(program()))).toEqual(['keep sink', 'keep source'])
    expect(find('sink').health()).toMatchObject({ state: 'unhealthy' })
    await clock.tick(1000)
    expect(journal.take()).toEqual(['start sink', 'activate sink'])
    expect(find('sink').health()).toMatchObject({ state: 'healthy' })
  })

  test('that changes it puts the new one in at once', async () => {
    const { graph, program, breakSink, journal, clock, emit } = withPort()
    await graph.apply(program())
    await breakSink()
    await drainedOf(await graph.apply(program('new')))
    expect(journal.take()).toEqual(['start sink', 'activate sink'])
    await clock.tick(100_000)
    expect(journal.take()).toEqual([])
    await emit()
    expect(journal.lines).not.toContain('close port')
  })

  test('that removes it closes what it held', async () => {
    const { graph, breakSink, program, journal, clock } = withPort()
    await graph.apply(program())
    await breakSink()
    await drainedOf(await graph.apply(toyProgram()))
    expect(journal.take().sort()).toEqual(['close port', 'stop source'])
    await clock.tick(100_000)
    expect(journal.take()).toEqual([])
  })

  test('does not let another component take what it held', async () => {
    const { graph, program, breakSink, define } = withPort()
    await graph.apply(program())
    await breakSink()
    const other = toyNode('other', define.sink, { values: { key: 'port' } })
    expect(await graph.apply(toyProgram(...program().nodes, other))).toMatchObject({
      ok: false,
      diagnostics: [{ message: 'other did not start: port is in use by sink' }],
    })
  })

  test('that is refused leaves it waiting', async () => {
    const { graph, program, breakSink, journal, clock, find } = withPort()
    await graph.apply(program())
    await breakSink()
    journal.faults.set('start sink', () => {
      throw new Retryable('no')
    })
    expect(await graph.apply(program('bad'))).toMatchObject({ ok: false })
    journal.faults.clear()
    await clock.tick(1000)
    expect(find('sink').health()).toMatchObject({ state: 'healthy' })
    expect(find('sink').values).toMatchObject({ text: '' })
  })
})

test('shutdown while a component waits for its restart', async () => {
  const { graph, program, breakSink, journal, clock } = withPort()
  await graph.apply(program())
  await breakSink()
  expect(await graph.shutdown()).toMatchObject({ instances: 2, unbalanced: [] })
  expect(journal.take().sort()).toEqual(['close port', 'stop source'])
  expect(clock.pending).toBe(0)
})

test('a bug before the switch fails it when it is to take over', async () => {
  const { graph, define, journal, clock, find } = toyGraph()
  const text = toyNode('text', define.holder)
  const sink = toyNode('sink', define.sink)
  journal.faults.set('start sink', () => journal.contexts.get('text')!.fail(new TypeError('bug')))
  expect(await graph.apply(toyProgram(text, sink))).toMatchObject({ ok: true })
  expect(find('text').health()).toMatchObject({ state: 'unhealthy' })
  await clock.tick(1000)
  expect(find('text').health()).toMatchObject({ state: 'healthy' })
})

test('exports that differ after a restart reach what uses them', async () => {
  const { graph, define, journal, clock, find } = toyGraph()
  let content = 'before'
  const text = toyNode('text', {
    ...define.holder,
    create: (context) => ({
      start: async () => {
        journal.contexts.set(context.id, context)
        context.publish({ content })
      },
      stop: async () => {},
    }),
  })
  await graph.apply(toyProgram(text, toyNode('sink', define.sink, { textOf: 'text' })))
  content = 'after'
  journal.contexts.get('text')!.fail(new TypeError('bug'))
  await clock.tick(1000)
  expect(find('sink').values).toMatchObject({ text: 'after' })
})

describe('faults while stopping', () => {
  const rows: readonly (readonly [string, string, () => void, string])[] = [
    ['a stop that rejects', 'stop pass', bug, 'failed while stopping'],
    ['a resource that cannot be closed', 'close port', bug, 'cannot close what it held'],
  ]
  for (const [name, step, fault, message] of rows) {
    test(`${name} is logged, and all else is stopped`, async () => {
      const { graph, define, journal, lines } = toyGraph()
      await graph.apply(
        toyProgram(
          toyNode('sink', define.sink, { values: { key: 'port' } }),
          toyNode('pass', define.pass, { to: ['sink'] }),
          toyNode('source', define.source, { to: ['pass'] }),
        ),
      )
      journal.faults.set(step, fault)
      expect(await drainedOf(await graph.apply(toyProgram()))).toMatchObject({ instances: 3 })
      expect(journal.lines.filter((line) => /^(stop|close)/.test(line))).toEqual([
        'stop source',
        'stop pass',
        'stop sink',
        'close port',
      ])
      expect(lines.join('')).toContain(message)
    })
  }

  test('a stop that throws instead of rejecting', async () => {
    const { graph, define, lines } = toyGraph()
    const thrower = { ...define.holder, create: () => ({ stop: bug }) }
    await graph.apply(toyProgram(toyNode('text', thrower)))
    expect(await drainedOf(await graph.apply(toyProgram()))).toMatchObject({ instances: 1 })
    expect(lines.join('')).toContain('failed while stopping')
  })
})
