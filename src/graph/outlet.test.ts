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
