import { describe, expect, test } from 'vitest'
import { perSignal } from '#pdata'
import { type Consumer, Ledger, type Outputs, type Reserving, Retryable } from '#sdk'
import { letterBatch } from '#support'
import { Outlet } from './outlet.js'

const BATCH = letterBatch('a')
const NONE: Outputs = perSignal(() => [])

/** A branch that notes who asks it for what. */
function branch(owner: string, notes: string[], refusal?: Retryable): Consumer & Reserving {
  const one = {
    owner,
    consume: async () => void notes.push(`${owner} takes`),
    reserve: async () => {
      notes.push(`${owner} keeps`)
      if (refusal) throw refusal
      return { release: () => void notes.push(`${owner} lets go`) }
    },
    refusal: () => refusal,
  }
  return one
}

test('room is asked for in one order, whatever the order of the output', async () => {
  for (const names of [
    ['a', 'b'],
    ['b', 'a'],
  ]) {
    const notes: string[] = []
    const traces = names.map((name) => branch(name, notes))
    await new Outlet({ ...NONE, traces }, new Ledger()).deliver(BATCH)
    expect(notes.slice(0, 2)).toEqual(['a keeps', 'b keeps'])
    expect(notes.slice(2, 4)).toEqual(names.map((name) => `${name} takes`))
    expect(notes.slice(4)).toEqual(['a lets go', 'b lets go'])
  }
})

test('one branch without room gives back the room of the others', async () => {
  const notes: string[] = []
  const full = new Retryable('full')
  const traces = [branch('a', notes), branch('b', notes, full)]
  const outlet = new Outlet({ ...NONE, traces }, new Ledger())
  await expect(outlet.deliver(BATCH)).rejects.toBe(full)
  expect(notes).toEqual(['a keeps', 'b keeps', 'a lets go'])
})

describe('before a request is read', () => {
  test('any branch may refuse it', () => {
    const full = new Retryable('full')
    const traces = [branch('a', []), branch('b', [], full)]
    const outlet = new Outlet({ ...NONE, traces }, new Ledger())
    expect([outlet.refusal('traces', 0), outlet.refusal('logs', 0)]).toEqual([full, undefined])
  })

  test('a branch that cannot tell does not', () => {
    const traces = [{ consume: () => Promise.resolve() }]
    const outlet = new Outlet({ ...NONE, traces }, new Ledger())
    expect(outlet.refusal('traces', 0)).toBeUndefined()
  })
})

describe('a tap', () => {
  const outletTo = (...owners: readonly string[]) => {
    const notes: string[] = []
    const traces = owners.map((owner) => branch(owner, notes))
    return { notes, outlet: new Outlet({ ...NONE, traces }, new Ledger()) }
  }

  test('is shown what goes to each consumer, before that takes it', async () => {
    const { notes, outlet } = outletTo('a', 'b')
    outlet.tap((batch, to) => notes.push(`${batch.items} to ${to}`))
    await outlet.consume(BATCH)
    expect(notes).toEqual(['1 to a', 'a takes', '1 to b', 'b takes'])
  })

  test('is shown nothing once it has gone; others stay', async () => {
    const { notes, outlet } = outletTo('a')
    const first = outlet.tap(() => notes.push('first'))
    const second = outlet.tap(() => notes.push('second'))
    await outlet.consume(BATCH)
    first()
    await outlet.consume(BATCH)
    second()
    await outlet.consume(BATCH)
    expect(notes).toEqual(['first', 'second', 'a takes', 'second', 'a takes', 'a takes'])
  })

  test('changes nothing about room and refusals', async () => {
    const full = new Retryable('full')
    const traces = [branch('a', [], full)]
    const outlet = new Outlet({ ...NONE, traces }, new Ledger())
    outlet.tap(() => {})
    expect(outlet.refusal('traces', 0)).toBe(full)
    await expect(outlet.reserve(BATCH)).rejects.toBe(full)
  })
})
