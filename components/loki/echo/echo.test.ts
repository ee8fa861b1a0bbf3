import { expect, test } from 'vitest'
import { EntryBatchBuilder, encodeStructuredMetadata } from '#pdata'
import { Retryable } from '#sdk'
import { fakeContext } from '#support'
import { checkBody } from '../../../test/support/component-body.js'
import { batchOf, runComponent } from '../../../test/support/running-component.js'
import definition from './echo.js'

const ECHO = 'loki.echo.a'

function echoIn(context = fakeContext({ id: ECHO })) {
  const echo = definition.create(context, {} as never, undefined as never)
  return { context, consume: (echo as unknown as { consume: Consume }).consume.bind(echo) }
}
type Consume = (batch: unknown) => Promise<void>

/** A batch of one stream with these entries: time, line and metadata. */
function entries(...all: readonly (readonly [number, number, string, ...string[]])[]) {
  const builder = new EntryBatchBuilder()
  builder.beginStream('{job="shop", level="info"}')
  for (const [seconds, nanos, line, ...pairs] of all) {
    builder.entry(seconds, nanos, line, encodeStructuredMetadata(pairs))
  }
  builder.endStream()
  return builder.take()
}

const LABELS = 'labels="{job=\\"shop\\", level=\\"info\\"}"'

const rows: readonly (readonly [string, readonly [number, number, string, ...string[]], string])[] =
  [
    [
      'an entry',
      [1_700_000_000, 0, 'order handled'],
      `entry="order handled" entry_timestamp=2023-11-14T22:13:20Z ${LABELS}`,
    ],
    ['one word', [0, 0, 'ok'], `entry=ok entry_timestamp=1970-01-01T00:00:00Z ${LABELS}`],
    ['nothing', [0, 0, ''], `entry="" entry_timestamp=1970-01-01T00:00:00Z ${LABELS}`],
    [
      'several lines',
      [0, 0, 'a\nb "c"'],
      `entry="a\\nb \\"c\\"" entry_timestamp=1970-01-01T00:00:00Z ${LABELS}`,
    ],
    [
      'every nanosecond',
      [-1, 120_000_001, 'a'],
      `entry=a entry_timestamp=1969-12-31T23:59:59.120000001Z ${LABELS}`,
    ],
    [
      'a time that is no date',
      [1e15, 5, 'a'],
      `entry=a entry_timestamp=1000000000000000.000000005 ${LABELS}`,
    ],
    [
      'structured metadata',
      [0, 0, 'a', 'trace_id', 'abc', 'who', 'me "too"'],
      `entry=a entry_timestamp=1970-01-01T00:00:00Z ${LABELS} structured_metadata="{trace_id=\\"abc\\", who=\\"me \\\\\\"too\\\\\\"\\"}"`,
    ],
  ]
test.each(rows)('%s', async (_, entry, line) => {
  const { context, consume } = echoIn()
  await consume(entries(entry))
  expect(context.contents).toEqual(new Map([['stdout', `receiver=${ECHO} ${line}\n`]]))
})

test('a batch is written at once, and has left', async () => {
  const all = await runComponent(definition, '')
  const batch = batchOf('entries', 30)
  await all.give(batch)
  expect(
    all.world.fake.contents.get('stdout')!.match(/^receiver=loki\.echo\.a entry=".*$/gm),
  ).toHaveLength(30)
  expect(all.ledger.counts('entries')).toMatchObject({ entered: 30, left: 30 })
})

test('output that cannot be written is logged, and the data has been delivered', async () => {
  const context = fakeContext({ id: ECHO })
  context.files.append = () => Promise.reject(new Retryable('cannot write stdout: no space left'))
  await echoIn(context).consume(entries([0, 0, 'a']))
  expect(context.logged).toEqual([
    {
      level: 'warn',
      message: 'cannot write what was received',
      fields: { error: 'cannot write stdout: no space left' },
    },
  ])
  expect(context.ledger.counts('entries').left).toBe(1)
})

test('takes no arguments', () => {
  expect(checkBody(definition, 'level = "debug"').diagnostics).toMatchObject([
    { code: 'unknown-attribute' },
  ])
})
