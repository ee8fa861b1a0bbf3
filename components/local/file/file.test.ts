import { expect, test } from 'vitest'
import type { Component, HealthReporting, OptionalSecret } from '#sdk'
import { fakeContext, settle } from '#support'
import definition from './file.js'

function setUp(values: Record<string, unknown> = {}) {
  const context = fakeContext()
  context.contents.set('/etc/a', 'first')
  const all = {
    filename: '/etc/a',
    detector: 'fsnotify',
    poll_frequency: 60_000,
    is_secret: false,
    ...values,
  }
  const file = definition.create(context, all as never, undefined as never) as Component &
    HealthReporting
  const content = () => context.published['content'] as OptionalSecret
  return { context, file, content }
}

test('exports the content, and again when it changes', async () => {
  const { context, file, content } = setUp()
  await file.start?.()
  expect([content().text, content().isSecret]).toEqual(['first', false])
  context.change('/etc/a', 'second')
  await settle()
  expect(content().text).toBe('second')
  await file.stop(AbortSignal.abort())
  context.change('/etc/a', 'third')
  await settle()
  expect(content().text).toBe('second')
  expect(context.clock.pending).toBe(0)
})

test('a secret stays one', async () => {
  const { file, content } = setUp({ is_secret: true })
  await file.start?.()
  expect(String(content())).toBe('(secret)')
})

test('poll reads again by the clock, not by events', async () => {
  const { context, file, content } = setUp({ detector: 'poll', poll_frequency: 1000 })
  await file.start?.()
  context.change('/etc/a', 'second')
  await settle()
  expect(content().text).toBe('first')
  await context.clock.tick(1000)
  expect(content().text).toBe('second')
})

test('a file that is missing at the start refuses the config', async () => {
  const { file } = setUp({ filename: '/etc/none' })
  await expect(file.start?.()).rejects.toThrow('cannot read /etc/none: no such file')
})

test('a vanished file leaves its last content, and the component unhealthy until it is back', async () => {
  const { context, file, content } = setUp()
  await file.start?.()
  context.change('/etc/a', undefined)
  await settle()
  expect(content().text).toBe('first')
  expect(file.health()).toMatchObject({ state: 'unhealthy' })
  context.change('/etc/a', 'back')
  await settle()
  expect(content().text).toBe('back')
  expect(file.health()).toMatchObject({ state: 'healthy' })
})

test('of two changes in a row the newer content stays, however long each read takes', async () => {
  const { context, file, content } = setUp()
  await file.start?.()
  const reads: ((text: string) => void)[] = []
  context.files.read = () =>
    new Promise((resolve) => reads.push((text) => resolve(Buffer.from(text))))
  context.change('/etc/a', 'second')
  context.change('/etc/a', 'third')
  await settle()
  reads[1]?.('third')
  reads[0]?.('second')
  await settle()
  reads[1]?.('third')
  await settle()
  expect(content().text).toBe('third')
  await file.stop(AbortSignal.abort())
})

test('a file of more than 16 MiB is refused', async () => {
  const { context, file } = setUp()
  context.contents.set('/etc/a', 'x'.repeat(16 * 1024 * 1024 + 1))
  await expect(file.start?.()).rejects.toThrow('/etc/a is larger than 16 MiB')
})
