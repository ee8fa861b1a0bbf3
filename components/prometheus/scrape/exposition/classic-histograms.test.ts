import { expect, test } from 'vitest'
import { type RecordedEntry, RecordingSink } from '#support'
import { createExpositionParser } from './parser.js'

function converted(text: string, keepClassicHistograms = false): readonly string[] {
  const sink = new RecordingSink()
  const options = { convertClassicHistograms: true, keepClassicHistograms }
  const parser = createExpositionParser('OpenMetricsText', sink, options)
  parser.push(Buffer.from(`${text}\n# EOF\n`))
  parser.end()
  return sink.entries.flatMap(short)
}

function short(entry: RecordedEntry): string[] {
  if (entry.kind === 'unconvertible') return [`${entry.family} unconvertible: ${entry.reason}`]
  if (entry.kind !== 'series' && entry.kind !== 'histogram') return []
  const { __name__: name, ...labels } = entry.labels
  const rest = Object.keys(labels).length > 0 ? ` ${JSON.stringify(labels)}` : ''
  const examples = entry.exemplars.map(({ value }) => ` #${value}`).join('')
  if (entry.kind === 'series') return [`${name}${rest} ${entry.value}${examples}`]
  const { count, sum, bounds, positiveSpans, positive, isFloat } = entry.histogram
  const buckets = `[${bounds}] [${positiveSpans}] [${positive}]${isFloat ? ' float' : ''}`
  return [`${name}${rest} = ${count} ${sum} ${buckets}${examples}`]
}

const TYPE = '# TYPE a histogram\n'

test.each<[name: string, text: string, expected: readonly string[]]>([
  [
    'one histogram',
    'a_bucket{le="1"} 2\na_bucket{le="5"} 5\na_bucket{le="+Inf"} 6\na_count 6\na_sum 9',
    ['a = 6 9 [1,5] [0,3] [2,1,-2]'],
  ],
  ['no bucket without end', 'a_bucket{le="1"} 2\na_count 6', ['a = 6 0 [1] [0,2] [2,2]']],
  ['no count', 'a_bucket{le="1"} 2', ['a = 2 0 [1] [0,1] [2]']],
  ['no buckets', 'a_count 3\na_sum 1.5', ['a = 3 1.5 [] [0,1] [3]']],
  ['fractions', 'a_bucket{le="1"} 0.5\na_count 2', ['a = 2 0 [1] [0,2] [0.5,1.5] float']],
  [
    'several, by their labels',
    'a_count{b="1"} 1\na_count{b="2"} 2',
    ['a {"b":"1"} = 1 0 [] [0,1] [1]', 'a {"b":"2"} = 2 0 [] [0,1] [2]'],
  ],
  [
    'buckets in any order, some twice',
    'a_bucket{le="+Inf"} 3\na_bucket{le="1"} 1\na_bucket{le="2"} 2\na_bucket{le="1.0"} 7',
    ['a = 3 0 [1,2] [0,3] [1,0,0]'],
  ],
  [
    'a time of creation between',
    'a_count 2\na_created 5\na_sum 1',
    ['a_created 5', 'a = 2 1 [] [0,1] [2]'],
  ],
  ['another metric behind', 'a_count 2\nb 1', ['a = 2 0 [] [0,1] [2]', 'b 1']],
  [
    'samples that are no part',
    'a 1\na_bucket 2\na_bucket{le="x"} 3',
    ['a 1', 'a_bucket 2', 'a_bucket {"le":"x"} 3'],
  ],
  [
    'exemplars',
    'a_bucket{le="1"} 1 # {} 0.5\na_bucket{le="+Inf"} 2 # {} 7',
    ['a = 2 0 [1] [0,2] [1,0] #0.5 #7'],
  ],
  [
    'counts that do not add up',
    'a_bucket{le="1"} 2\na_bucket{le="2"} 1\nb 1',
    ['a unconvertible: the buckets around 2 do not add up', 'b 1'],
  ],
  [
    'another count',
    'a_bucket{le="+Inf"} 2\na_count 3',
    ['a unconvertible: its count is 3, and that of its buckets another'],
  ],
  [
    'a count below that of a bucket',
    'a_bucket{le="1"} 2\na_count 1',
    ['a unconvertible: its count is below that of its buckets'],
  ],
  ['a negative bucket', 'a_bucket{le="1"} -2', ['a unconvertible: the bucket up to 1 has -2']],
  ['a negative count', 'a_count -2', ['a unconvertible: its count is -2']],
  [
    'no number',
    'a_count NaN',
    ['a unconvertible: its count is NaN, and that of its buckets another'],
  ],
])('%s', (_, text, expected) => expect(converted(TYPE + text)).toEqual(expected))

test('samples are kept beside what they became', () => {
  expect(converted(`${TYPE}a_bucket{le="1"} 2 # {} 3\na_count 2\nb 1`, true)).toEqual([
    'a_bucket {"le":"1.0"} 2 #3',
    'a_count 2',
    'a = 2 0 [1] [0,1] [2] #3',
    'b 1',
  ])
})

test('only of histograms', () => {
  expect(converted('a_count 1\n# TYPE a gaugehistogram\na_count 2')).toEqual([
    'a_count 1',
    'a_count 2',
  ])
})
