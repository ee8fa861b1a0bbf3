import { describe, expect, test } from 'vitest'
import { type ArgumentsOf, attributes, defineExporter } from '#sdk'
import { argumentsOf, checkBody } from '#support'
import { debugMetrics, deliverySettings, retryOnFailure, sendingQueue } from './blocks.js'

const schema = attributes({
  retry_on_failure: retryOnFailure,
  sending_queue: sendingQueue,
  debug_metrics: debugMetrics,
})

const probe = defineExporter({
  name: 'test.probe',
  stability: 'generally-available',
  about: 'Has the blocks of exporters.',
  schema,
  accepts: [],
  create: () => ({ consume: async () => {}, stop: async () => {} }),
})

const settingsOf = (body: string) =>
  deliverySettings(argumentsOf(probe, body) as ArgumentsOf<typeof schema>)

describe('what is written arrives where it belongs', () => {
  test('of retry_on_failure', () => {
    const { retry: policy } = settingsOf(`retry_on_failure {
      enabled              = false
      initial_interval     = "1s"
      max_interval         = "3s"
      multiplier           = 2.5
      randomization_factor = 0.25
      max_elapsed_time     = "1m"
    }`)
    expect(policy).toEqual({
      enabled: false,
      initialMs: 1000,
      maxMs: 3000,
      multiplier: 2.5,
      randomization: 0.25,
      maxElapsedMs: 60_000,
      maxAgeMs: 0,
    })
  })

  test('of sending_queue', () => {
    const { queue } = settingsOf(`sending_queue {
      queue_size        = 7000
      num_consumers     = 3
      sizer             = "items"
      block_on_overflow = true
      wait_for_result   = true
      batch {
        flush_timeout = "1s"
        min_size      = 10
        max_size      = 20
        sizer         = "bytes"
      }
    }`)
    expect(queue?.consumers).toBe(3)
    expect(queue?.limits).toEqual({
      size: 7000,
      sizer: 'items',
      storedBytes: Number.POSITIVE_INFINITY,
      whenFull: 'wait',
      waitForResult: true,
    })
    expect(queue?.batch).toEqual({
      minSize: 10,
      maxSize: 20,
      flushTimeoutMs: 1000,
      sizer: 'bytes',
    })
  })

  test('of neither: the defaults, and no batches', () => {
    const { retry: policy, queue } = settingsOf('')
    expect(policy).toMatchObject({ enabled: true, maxElapsedMs: 300_000 })
    expect(queue?.limits).toEqual({
      size: Number.POSITIVE_INFINITY,
      sizer: 'requests',
      storedBytes: 2 * 1024 ** 3,
      whenFull: 'refuse',
      waitForResult: false,
    })
    expect(queue?.batch).toBeUndefined()
    expect(queue?.disk).toEqual({ deadBytesMax: 256 * 1024 ** 2, storage: undefined })
  })

  test('of a queue in memory', () => {
    const { queue } = settingsOf('sending_queue { durability = "memory" }')
    expect(queue?.disk).toBeUndefined()
    expect(queue?.limits).toMatchObject({ size: 1000, storedBytes: Number.POSITIVE_INFINITY })
  })

  test('of a queue whose senders wait for the result, which needs no disk', () => {
    const { queue } = settingsOf('sending_queue { wait_for_result = true }')
    expect(queue?.disk).toBeUndefined()
  })

  test('of a queue on disk', () => {
    const { retry: policy, queue } = settingsOf(`sending_queue {
      max_disk_size    = "10GiB"
      when_full        = "drop_oldest"
      max_age          = "48h"
      dead_letter_size = "0"
    }`)
    expect(policy.maxAgeMs).toBe(172_800_000)
    expect(queue?.limits).toMatchObject({ storedBytes: 10 * 1024 ** 3, whenFull: 'drop_oldest' })
    expect(queue?.disk?.deadBytesMax).toBe(0)
  })

  test('of no queue', () => {
    expect(settingsOf('sending_queue { enabled = false }').queue).toBeUndefined()
  })
})

describe('check refuses', () => {
  const rows: readonly (readonly [string, string, RegExp])[] = [
    [
      'waits that do not grow',
      'retry_on_failure { multiplier = 1 }',
      /^multiplier must be above 1$/,
    ],
    ['waits that shrink', 'retry_on_failure { multiplier = 0.5 }', /multiplier/],
    [
      'an end before the first wait',
      'retry_on_failure { max_elapsed_time = "4s" }',
      /^max_elapsed_time is below initial_interval$/,
    ],
    [
      'a smallest batch above the largest',
      'sending_queue { batch { max_size = 1999 } }',
      /^max_size is below min_size$/,
    ],
    [
      'a queue too small for a batch',
      'sending_queue {\nsizer = "items"\nqueue_size = 1999\nbatch { }\n}',
      /^queue_size is below min_size of the batch block$/,
    ],
    [
      'a queue of nothing',
      'sending_queue { queue_size = 0 }',
      /"queue_size" needs a whole number, 1 or more/,
    ],
    ['batches of requests', 'sending_queue { batch { sizer = "requests" } }', /"items"/],
  ]
  for (const [name, body, message] of rows) {
    test(name, () => {
      const { diagnostics } = checkBody(probe, body)
      expect(diagnostics.map((one) => one.message)).toEqual([expect.stringMatching(message)])
    })
  }

  const good: readonly (readonly [string, string])[] = [
    ['an end at the first wait', 'retry_on_failure { max_elapsed_time = "5s" }'],
    ['no end', 'retry_on_failure { max_elapsed_time = "0s" }'],
    ['batches without a largest size', 'sending_queue { batch { max_size = 0 } }'],
    ['sizes of one kind', 'sending_queue { batch { max_size = 2000 } }'],
    ['a small queue of another sizer', 'sending_queue {\nqueue_size = 1\nbatch { }\n}'],
    [
      'the switch of internal metrics',
      'debug_metrics { disable_high_cardinality_metrics = false }',
    ],
  ]
  for (const [name, body] of good) {
    test(`nothing about ${name}`, () => expect(checkBody(probe, body).diagnostics).toEqual([]))
  }
})
