import { expect, test } from 'vitest'
import { type Found, Retryable, type Target, TargetSearch } from '#sdk'
import { fakeContext, settle } from '#support'

const target = (address: string): Target => new Map([['__address__', address]])

function setUp(find: () => Promise<Found>) {
  const context = fakeContext()
  const published: unknown[] = []
  context.publish = (exports) => void published.push(exports['targets'])
  return { context, published, search: new TargetSearch(context, 1000, { find }) }
}

test('exports what it finds, again only when that differs', async () => {
  let addresses = ['a']
  const { context, published, search } = setUp(async () => ({
    targets: addresses.map(target),
    faults: [],
  }))
  await search.start()
  await context.clock.tick(2000)
  addresses = ['a', 'b']
  await context.clock.tick(1000)
  expect(search.health()).toMatchObject({ state: 'healthy', message: '2 targets' })
  await context.clock.tick(1000)
  addresses = ['a', 'c']
  await context.clock.tick(1000)
  const lists = [['a'], ['a', 'b'], ['a', 'c']]
  expect(published).toEqual(lists.map((list) => list.map(target)))
  await search.stop(AbortSignal.abort())
  expect(context.clock.pending).toBe(0)
})

test('what cannot be looked at leaves the last targets, or none at the start', async () => {
  let fails = true
  const { context, published, search } = setUp(async () => {
    if (fails) throw new Retryable('nobody there')
    return { targets: [target('a')], faults: [] }
  })
  await search.start()
  expect(published).toEqual([[]])
  expect(search.health()).toMatchObject({ state: 'unhealthy', message: 'nobody there' })
  fails = false
  await context.clock.tick(1000)
  fails = true
  await context.clock.tick(1000)
  expect(published).toEqual([[], [target('a')]])
})

test('part of it may be missing', async () => {
  const faults = ['cannot read b', 'cannot read c']
  const { published, search } = setUp(async () => ({ targets: [target('a')], faults }))
  await search.start()
  expect(published).toEqual([[target('a')]])
  expect(search.health()).toMatchObject({
    state: 'unhealthy',
    message: 'cannot read b, and 1 more',
  })
})

test('a start does not wait for ever', async () => {
  let answer: (found: Found) => void = () => {}
  const { context, published, search } = setUp(
    () =>
      new Promise((resolve) => {
        answer = resolve
      }),
  )
  const started = search.start()
  await context.clock.tick(4999)
  expect(published).toEqual([])
  await context.clock.tick(1)
  await started
  expect(published).toEqual([[]])
  answer({ targets: [target('a')], faults: [] })
  await settle()
  expect(published).toEqual([[], [target('a')]])
})

test('what is found after stop is not exported', async () => {
  let answer: (found: Found) => void = () => {}
  const { context, published, search } = setUp(
    () =>
      new Promise((resolve) => {
        answer = resolve
      }),
  )
  const started = search.start()
  await context.clock.tick(5000)
  await started
  await search.stop(AbortSignal.abort())
  answer({ targets: [target('a')], faults: [] })
  await settle()
  expect(published).toEqual([[]])
})
