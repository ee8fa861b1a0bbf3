/** Values that components export: when they reach what uses them, and when they do not. */
import { describe, expect, test } from 'vitest'
import { attributes, type Context, defineExtension, Retryable, string } from '#sdk'
import { settle } from '#support'
import { toyGraph } from '../../test/support/toy-graph.js'
import { toyNode, toyProgram } from '../../test/support/toy-program.js'

/** "text" exports a text that "sink" uses. */
function textAndSink() {
  const all = toyGraph()
  const { define } = all
  const program = (text = 'a', sink = '') =>
    toyProgram(
      toyNode('text', define.holder, { values: { text } }),
      toyNode('sink', define.sink, { textOf: 'text', values: { key: sink } }),
    )
  const publish = async (content: string) => {
    all.journal.contexts.get('text')!.publish({ content })
    await settle()
  }
  const textOfSink = () => (all.find('sink').values as { text: string }).text
  return { ...all, program, publish, textOfSink }
}

describe('published before the switch', () => {
  test('by its start: what uses it is built with it', async () => {
    const { graph, program, textOfSink } = textAndSink()
    await graph.apply(program('a'))
    expect(textOfSink()).toBe('a')
    expect(graph.evaluations).toBe(2)
  })

  test('again while others start: what was built without it is built anew', async () => {
    const { graph, program, publish, journal, textOfSink } = textAndSink()
    journal.faults.set('start sink', async () => {
      journal.faults.clear()
      await publish('newer')
    })
    await graph.apply(program('a'))
    await settle()
    expect(textOfSink()).toBe('newer')
    expect(journal.lines.filter((line) => line === 'start sink')).toHaveLength(2)
  })

  test('by one that is kept, during a reload', async () => {
    const { graph, program, publish, journal, textOfSink } = textAndSink()
    await graph.apply(program('a'))
    journal.faults.set('start sink', async () => {
      journal.faults.clear()
      await publish('newer')
    })
    await graph.apply(program('a', 'key'))
    await settle()
    expect(textOfSink()).toBe('newer')
  })
})

describe('a value that is refused', () => {
  async function refused() {
    const all = textAndSink()
    await all.graph.apply(all.program('good'))
    all.journal.faults.set('start sink', () => {
      throw new Retryable('bad text')
    })
    await all.publish('bad')
    expect(all.find('sink').health()).toMatchObject({
      state: 'unhealthy',
      message: 'runs with its last good arguments: sink did not start: bad text',
    })
    expect(all.textOfSink()).toBe('good')
    return all
  }

  test('is over when the old value is back', async () => {
    const { publish, find } = await refused()
    await publish('good')
    expect(find('sink').health().state).toBe('healthy')
  })

  test('is over when a reload makes the value good again', async () => {
    const { graph, program, find, journal, actions } = await refused()
    journal.faults.clear()
    expect(actions(await graph.apply(program('good', '')))).toEqual(['keep text', 'replace sink'])
    expect(find('sink').health().state).toBe('healthy')
  })

  test('is over when a reload removes what gave it', async () => {
    const { graph, define, find } = await refused()
    const sink = toyNode('sink', define.sink, { values: { text: 'good' } })
    expect(await graph.apply(toyProgram(sink))).toMatchObject({ ok: true })
    expect(find('sink').health().state).toBe('healthy')
  })
})

test('values travel along a chain', async () => {
  const { graph, define, journal, find } = toyGraph()
  const copier = defineExtension({
    name: 'toy.copier',
    stability: 'experimental',
    about: 'Exports its text.',
    schema: attributes({ text: string({ default: '', about: 'A text.' }) }),
    exports: { content: { kind: 'string' } },
    create: (context: Context, { text }) => ({
      start: async () => context.publish({ content: `${text}!` }),
      stop: async () => {},
    }),
  })
  await graph.apply(
    toyProgram(
      toyNode('text', define.holder, { values: { text: 'a' } }),
      toyNode('one', copier, { textOf: 'text' }),
      toyNode('two', copier, { textOf: 'one' }),
      toyNode('sink', define.sink, { textOf: 'two' }),
    ),
  )
  journal.contexts.get('text')!.publish({ content: 'b' })
  await settle()
  expect(find('sink').values).toMatchObject({ text: 'b!!' })
})

test('what cannot start is the only fault: those that use it are not blamed', async () => {
  const { graph, program, journal } = textAndSink()
  journal.faults.set('start text', () => {
    throw new Retryable('cannot read /etc/text: no such file')
  })
  expect(await graph.apply(program())).toMatchObject({
    ok: false,
    diagnostics: [{ message: 'text did not start: cannot read /etc/text: no such file' }],
  })
  expect(journal.lines).not.toContain('start sink')
})

test('what a stopped instance publishes is not heard', async () => {
  const { graph, program, publish, journal } = textAndSink()
  await graph.apply(program())
  await graph.apply(toyProgram())
  await settle()
  journal.take()
  await publish('late')
  expect(journal.lines).toEqual([])
})
