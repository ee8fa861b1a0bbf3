import { expect, test } from 'vitest'
import { type Batch, EntryBatchBuilder, EntryReader } from '#pdata'
import { runComponent } from '../../../test/support/running-component.js'
import definition from './relabel.js'

const FORWARD = 'forward_to = [test.entries.all.receiver]'

function streams(...all: readonly string[]) {
  const builder = new EntryBatchBuilder()
  for (const labels of all) {
    builder.beginStream(labels)
    builder.entry(1, 2, `line of ${labels}`)
    builder.endStream()
  }
  return builder.take()
}

function labelsOf(batches: readonly Batch[]) {
  const found: string[] = []
  for (const batch of batches) {
    const reader = new EntryReader(batch as never)
    while (reader.nextStream()) found.push(reader.labels)
  }
  return found
}

const rows: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
  ['nothing to do', '', ['{b="1", a="2"}'], ['{a="2", b="1"}']],
  [
    'a label is set',
    'rule {\nsource_labels = ["a"]\ntarget_label = "c"\n}',
    ['{a="2"}', '{b="1"}'],
    ['{a="2", c="2"}', '{b="1"}'],
  ],
  [
    'streams are dropped',
    'rule {\nsource_labels = ["a"]\nregex = "x"\naction = "drop"\n}',
    ['{a="x"}', '{a="y"}'],
    ['{a="y"}'],
  ],
  ['a stream without a label', 'rule {\nregex = "a"\naction = "labeldrop"\n}', ['{a="x"}'], []],
]
test.each(rows)('%s', async (_, rules, given, expected) => {
  const all = await runComponent(definition, `${FORWARD}\n${rules}`)
  await all.give(streams(...given))
  expect(labelsOf(all.entries.taken)).toEqual(expected)
  const dropped = given.length - expected.length
  const { left, dropped: reasons } = all.ledger.counts('entries')
  expect([left, reasons.get('relabelled') ?? 0]).toEqual([expected.length, dropped])
})

test('labels that cannot be read are refused for good', async () => {
  const all = await runComponent(definition, FORWARD)
  await expect(all.give(streams('{a'))).rejects.toThrow('labels: expected name="value"')
})
