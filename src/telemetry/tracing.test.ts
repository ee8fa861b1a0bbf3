import { expect, test } from 'vitest'
import { Batch } from '#pdata'
import { OwnData } from './own-data.js'
import { type TraceSink, Tracing } from './tracing.js'

const ID = '7f1c0a52-0000-4000-8000-000000000001'

/** A sink that notes what it is told. */
function noting(fraction: number) {
  const notes: string[] = []
  const step = (name: string) => {
    notes.push(`begin ${name}`)
    const end = (failure?: unknown) =>
      void notes.push(`end ${name}${failure === undefined ? '' : ` ${String(failure)}`}`)
    return { end, begin: step }
  }
  const sink: TraceSink = { fraction, start: step }
  return { notes, sink }
}

const batchOf = (text: string, signal: 'traces' | 'logs' = 'traces') => {
  const bytes = Buffer.from(text)
  return new Batch(signal, [bytes], 1, bytes.length)
}

test('nothing is traced without a sink, and no longer than there is one', () => {
  const tracing = new Tracing(new OwnData(ID), () => 0)
  expect(tracing.ofBatch(batchOf('x'), 'a')).toBe(undefined)
  expect(tracing.start('load', {})).toBe(undefined)
  const { sink, notes } = noting(1)
  const remove = tracing.add(sink)
  tracing.ofBatch(batchOf('x'), 'a')!.begin('send', {}).end('away')
  remove()
  expect(tracing.ofBatch(batchOf('x'), 'a')).toBe(undefined)
  expect(notes).toEqual(['begin receive', 'begin send', 'end send away'])
})

test('a batch is traced by chance, what is rare always', () => {
  let dice = 0.2
  const tracing = new Tracing(new OwnData(ID), () => dice)
  tracing.add(noting(0.2).sink)
  expect(tracing.ofBatch(batchOf('x'), 'a')).toBe(undefined)
  dice = 0.19
  expect(tracing.ofBatch(batchOf('x'), 'a')).not.toBe(undefined)
  dice = 1
  expect(tracing.start('load', {})).not.toBe(undefined)
})

test('own data is not traced', () => {
  const tracing = new Tracing(new OwnData(ID), () => 0)
  tracing.add(noting(1).sink)
  expect(tracing.ofBatch(batchOf(`service.instance.id ${ID} ...`), 'a')).toBe(undefined)
})

test('each of two sinks has its own fraction and hears of its own traces', () => {
  const tracing = new Tracing(new OwnData(ID), () => 0.5)
  const [some, all] = [noting(0.4), noting(0.9)]
  tracing.add(some.sink)
  tracing.add(all.sink)
  tracing.ofBatch(batchOf('x'), 'a')!.end()
  tracing.start('load', {})!.begin('check', {}).end()
  expect(some.notes).toEqual(['begin load', 'begin check', 'end check'])
  expect(all.notes).toEqual(['begin receive', 'end receive', ...some.notes])
})

test('what own logs come in at, and all behind it, carries them', () => {
  const own = new OwnData(ID)
  const edges: Record<string, string[]> = { in: ['batch'], batch: ['out'], other: ['out'] }
  own.edgesOf = (id) => edges[id] ?? []
  const came = batchOf(`resource ${ID} lines`, 'logs')
  own.look(came, 'in')
  expect(own.carries('in')).toBe(false)
  const end = own.sendsLogs()
  own.look(batchOf('of somebody else', 'logs'), 'other')
  own.look(came, 'in')
  expect(['in', 'batch', 'out', 'other'].map((id) => own.carries(id))).toEqual([
    true,
    true,
    true,
    false,
  ])
  edges['batch'] = []
  own.rewired()
  expect(own.carries('out')).toBe(false)
  end()
})
