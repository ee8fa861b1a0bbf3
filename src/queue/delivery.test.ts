import { describe, expect, test } from 'vitest'
import { OTLP_SIGNALS, type OtlpSignal } from '#pdata'
import { type Context, Permanent, type Resource, Retryable } from '#sdk'
import { type FakeContext, fakeContext, letterBatch, lettersOf, settle } from '#support'
import { Registry } from '#telemetry'
import { observeExporter } from '../../components/otelcol/shared/metrics.js'
import { Delivery, type DeliverySettings } from './delivery.js'

const NEVER = new AbortController().signal
const RETRY = {
  enabled: true,
  initialMs: 1000,
  maxMs: 1000,
  multiplier: 1.5,
  randomization: 0,
  maxElapsedMs: 0,
  maxAgeMs: 0,
}
const QUEUE = {
  limits: {
    size: 10,
    sizer: 'requests',
    storedBytes: Number.POSITIVE_INFINITY,
    whenFull: 'refuse',
    waitForResult: false,
  },
  batch: undefined,
  consumers: 1,
  disk: undefined,
} as const

/** A world in which what is leased stays open until the test closes it. */
function world(overrides: Partial<Context> = {}) {
  const metrics = new Registry()
  const resources = new Map<string, Promise<Resource>>()
  const context = fakeContext({
    meter: metrics.scope(),
    resources: {
      lease: <R extends Resource>(key: string, open: () => Promise<R>) => {
        const resource = resources.get(key) ?? open()
        resources.set(key, resource)
        return resource as Promise<R>
      },
    },
    ...overrides,
  })
  const closeResources = async () => {
    for (const resource of resources.values()) await (await resource).close()
  }
  return { context, metrics, closeResources }
}

function deliveryIn(context: FakeContext, settings: Partial<DeliverySettings<OtlpSignal>> = {}) {
  const sent: string[] = []
  const steps: string[] = []
  const state = { answer: (): Promise<undefined> => Promise.resolve(undefined) }
  const delivery = new Delivery(
    context,
    {
      signals: OTLP_SIGNALS,
      advice: { full: 'wait', elsewhere: 'a path', inMemory: 'keep it in memory' },
      observe: observeExporter,
      retry: RETRY,
      queue: QUEUE,
      ...settings,
    },
    {
      open: async () => void steps.push('open'),
      send: (batch) => {
        sent.push(lettersOf(batch))
        return state.answer()
      },
      close: async () => void steps.push('close'),
    },
  )
  return { delivery, sent, steps, state }
}

describe('figures', () => {
  const rows = [
    ['with a queue', QUEUE],
    ['without one', undefined],
  ] as const
  for (const [name, queue] of rows) {
    test(`${name} are there from the start, and count`, async () => {
      const { context, metrics } = world()
      const { delivery, state } = deliveryIn(context, {
        queue,
        retry: { ...RETRY, enabled: false },
      })
      await delivery.start()
      delivery.activate()
      const value = (metric: string) =>
        new RegExp(`^${metric} (\\S+)$`, 'm').exec(metrics.render('prometheus'))?.[1]
      expect(value('otelcol_exporter_sent_spans_total')).toBe('0')
      expect(value('otelcol_exporter_send_failed_log_records_total')).toBe('0')
      expect(value('otelcol_exporter_enqueue_failed_metric_points_total')).toBe('0')
      await delivery.consume(letterBatch('ab'))
      await settle()
      state.answer = () => Promise.reject(new Permanent('bad'))
      await delivery.consume(letterBatch('c')).catch(() => {})
      await settle()
      expect(value('otelcol_exporter_sent_spans_total')).toBe('2')
      expect(value('otelcol_exporter_send_failed_spans_total')).toBe('1')
      await delivery.stop(NEVER)
    })
  }
})

test('figures of queues say what is in them', async () => {
  const { context, metrics, closeResources } = world()
  const disk = { deadBytesMax: 1024 * 1024, storage: undefined }
  const limits = { ...QUEUE.limits, storedBytes: 1024 * 1024 }
  const { delivery, state } = deliveryIn(context, { queue: { ...QUEUE, disk, limits } })
  state.answer = () => Promise.reject(new Permanent('bad', { code: 9 }))
  await delivery.start()
  delivery.activate()
  await delivery.consume(letterBatch('xy'))
  await settle()
  state.answer = () => Promise.reject(new Retryable('away'))
  await delivery.consume(letterBatch('abc'))
  await context.clock.tick(500)
  const figures = [...metrics.render('prometheus').matchAll(/^(\w+){data_type="traces"} (\S+)$/gm)]
  expect(Object.fromEntries(figures.map(([, name, value]) => [name, Number(value)]))).toEqual({
    otelcol_exporter_queue_size: 1,
    otelcol_exporter_queue_capacity: 10,
    weir_queue_items: 3,
    weir_queue_bytes: letterBatch('abc').bytes,
    weir_queue_stored_bytes: expect.any(Number) as number,
    weir_queue_stored_bytes_limit: 1024 * 1024,
    weir_queue_oldest_seconds: 0.5,
    weir_queue_dead_letter_batches: 1,
    weir_queue_dead_letter_items: 2,
    weir_queue_retried_batches_total: 1,
  })
  await delivery.stop(AbortSignal.abort())
  await closeResources()
})

describe('a successor', () => {
  test('gets what the old one has not delivered, and the old one does not wait for that', async () => {
    const { context } = world()
    const old = deliveryIn(context)
    old.state.answer = () => Promise.reject(new Retryable('away'))
    await old.delivery.start()
    old.delivery.activate()
    context.ledger.enter('traces', 1)
    await old.delivery.consume(letterBatch('a'))
    await settle()
    const next = deliveryIn(context)
    await next.delivery.start()
    next.delivery.activate()
    await old.delivery.stop(NEVER)
    await context.clock.tick(1000)
    expect(next.sent).toEqual(['a'])
    expect(context.ledger.held('traces')).toBe(0)
    await next.delivery.stop(NEVER)
  })

  test('that comes while the old one drains ends that', async () => {
    const { context } = world()
    const old = deliveryIn(context)
    old.state.answer = () => Promise.reject(new Retryable('away'))
    await old.delivery.start()
    old.delivery.activate()
    await old.delivery.consume(letterBatch('a'))
    await settle()
    const stopping = old.delivery.stop(NEVER)
    const next = deliveryIn(context)
    await next.delivery.start()
    next.delivery.activate()
    await stopping
    expect(old.steps).toEqual(['open', 'close'])
    await next.delivery.consume(letterBatch('b'))
    await context.clock.tick(1000)
    expect(next.sent).toEqual(['b', 'a'])
    expect(old.sent).toEqual(['a'])
    await next.delivery.stop(NEVER)
  })

  test('that never took over leaves the queue to the old one', async () => {
    const { context } = world()
    const old = deliveryIn(context)
    await old.delivery.start()
    old.delivery.activate()
    const next = deliveryIn(context)
    await next.delivery.start()
    await next.delivery.stop(AbortSignal.abort())
    await old.delivery.consume(letterBatch('a'))
    await settle()
    expect(old.sent).toEqual(['a'])
    await old.delivery.stop(NEVER)
  })
})

describe('the end', () => {
  test('what cannot be delivered in time is counted and logged', async () => {
    const { context, closeResources } = world()
    const { delivery, state } = deliveryIn(context)
    state.answer = () => Promise.reject(new Retryable('away'))
    await delivery.start()
    delivery.activate()
    context.ledger.enter('traces', 3)
    await delivery.consume(letterBatch('abc'))
    await settle()
    expect(delivery.heldItems('traces')).toBe(3)
    await delivery.stop(AbortSignal.abort())
    await closeResources()
    expect(context.ledger.counts('traces').dropped).toEqual(new Map([['shutdown', 3]]))
    expect(context.logged.at(-1)).toMatchObject({ level: 'error', fields: { items: 3 } })
    expect(context.clock.pending).toBe(0)
  })

  test('a bug is told to the agent, and the data stays for the instance after', async () => {
    const { context } = world()
    const bug = new TypeError('undefined is not a function')
    const old = deliveryIn(context)
    old.state.answer = () => Promise.reject(bug)
    await old.delivery.start()
    old.delivery.activate()
    await old.delivery.consume(letterBatch('a'))
    await settle()
    expect(context.failures).toEqual([bug])
    const stopping = old.delivery.stop(NEVER)
    const next = deliveryIn(context)
    await next.delivery.start()
    next.delivery.activate()
    await stopping
    await context.clock.tick(0)
    expect(next.sent).toEqual(['a'])
    await next.delivery.stop(NEVER)
  })
})

test('a batch that waits for its delivery is held until then', async () => {
  const { context } = world()
  const { delivery, state } = deliveryIn(context, { queue: undefined })
  let finish = (_: undefined) => {}
  state.answer = () => new Promise((resolve) => (finish = resolve))
  await delivery.start()
  const consumed = delivery.consume(letterBatch('ab'))
  expect(delivery.heldItems('traces')).toBe(2)
  finish(undefined)
  await consumed
  expect(delivery.heldItems('traces')).toBe(0)
})
