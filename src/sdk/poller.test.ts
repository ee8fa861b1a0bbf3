import { expect, test } from 'vitest'
import { type Deferred, deferred, Permanent, Poller, Retryable } from '#sdk'
import { fakeContext, settle } from '#support'

/** Looks that end when the test says so. */
function setUp(intervalMs = 1000) {
  const context = fakeContext()
  const looks: Deferred<string>[] = []
  const poller = new Poller(context, intervalMs, () => {
    const look = deferred<string>()
    looks.push(look)
    return look.promise
  })
  return { context, looks, poller }
}

test('looks at the start and by interval, counted from the end of a look', async () => {
  const { context, looks, poller } = setUp()
  const started = poller.start()
  await context.clock.tick(5000)
  expect(looks).toHaveLength(1)
  looks[0]!.resolve('first')
  await started
  expect(poller.health()).toMatchObject({ state: 'healthy', message: 'first' })
  await context.clock.tick(999)
  expect(looks).toHaveLength(1)
  await context.clock.tick(1)
  expect(looks).toHaveLength(2)
})

test('a change asks for a look, one however many changes come during a look', async () => {
  const { context, looks, poller } = setUp()
  const started = poller.start()
  poller.again()
  poller.again()
  looks[0]!.resolve('first')
  await started
  await settle()
  expect(looks).toHaveLength(2)
  looks[1]!.resolve('second')
  await settle()
  expect(looks).toHaveLength(2)
  poller.again()
  expect(looks).toHaveLength(3)
  expect(context.clock.pending).toBe(0)
})

test('a look that fails shows in the health, is warned of once, and is followed by the next', async () => {
  const { context, looks, poller } = setUp()
  const started = poller.start()
  looks[0]!.reject(new Retryable('nobody there'))
  await expect(started).rejects.toThrow('nobody there')
  expect(poller.health()).toMatchObject({ state: 'unhealthy', message: 'nobody there' })
  for (const n of [1, 2]) {
    await context.clock.tick(1000)
    looks[n]!.reject(new Permanent('nobody there'))
    await settle()
  }
  expect(context.logged).toEqual([{ level: 'warn', message: 'nobody there' }])
  await context.clock.tick(1000)
  looks[3]!.resolve('found')
  await settle()
  expect(poller.health()).toMatchObject({ state: 'healthy', message: 'found' })
  expect(context.failures).toEqual([])
})

test('a bug is told', async () => {
  const { context, looks, poller } = setUp()
  const started = poller.start()
  const bug = new TypeError('x is not a function')
  looks[0]!.reject(bug)
  await expect(started).rejects.toBe(bug)
  expect(context.failures).toEqual([bug])
})

test('stop ends it, also during a look', async () => {
  const { context, looks, poller } = setUp()
  const started = poller.start()
  poller.stop()
  poller.again()
  looks[0]!.reject(new Retryable('cancelled'))
  await started
  expect(context.clock.pending).toBe(0)
  expect(poller.health()).toMatchObject({ state: 'healthy' })
  expect(context.logged).toEqual([])
})
