import { describe, expect, test } from 'vitest'
import { type RecordedEntry, RecordingSink } from '#support'
import { MalformedExposition } from './malformed-exposition.js'
import type { ExpositionOptions } from './options.js'
import { createExpositionParser, type ExpositionFormat } from './parser.js'
import { SeriesCache } from './series-cache.js'

function parse(format: ExpositionFormat, text: string | Buffer, options: ExpositionOptions = {}) {
  const sink = new RecordingSink()
  const parser = createExpositionParser(format, sink, options)
  parser.push(Buffer.from(text))
  parser.end()
  return sink.entries
}

/** Each sample as its series, value and time, in short. */
function samples(entries: readonly RecordedEntry[]): string[] {
  return entries.flatMap((entry) => {
    if (entry.kind !== 'series') return []
    const { __name__: name, ...labels } = entry.labels
    const time = entry.timestampMs === undefined ? '' : ` @${entry.timestampMs}`
    return [`${name} ${JSON.stringify(labels)} ${entry.value}${time}`]
  })
}

describe('Prometheus text', () => {
  test.each<[name: string, text: string, expected: readonly string[]]>([
    ['nothing', '', []],
    ['no line feed at the end', 'a 1', ['a {} 1']],
    ['blank lines and blanks', '\n \t\n \t a\t \t1  2 \t\n', ['a {} 1 @2']],
    ['blanks around all', 'a { b = "c" , d = "e" , } 1', ['a {"b":"c","d":"e"} 1']],
    ['no comma', 'a{b="c"d="e"} 1', ['a {"b":"c","d":"e"} 1']],
    ['no blank behind the brace', 'a{b="c"}1', ['a {"b":"c"} 1']],
    ['empty braces', 'a{} 1', ['a {} 1']],
    ['an empty value is no label', 'a{b="",c="d"} 1', ['a {"c":"d"} 1']],
    ['escapes', 'a{b="\\\\n\\n\\"\\x"} 1', [`a ${JSON.stringify({ b: '\\n\n"\\x' })} 1`]],
    ['a line feed in a value', 'a{b="c\nd"} 1\nb 2', ['a {"b":"c\\nd"} 1', 'b {} 2']],
    ['names in quotes', '{"a b","c d"="e"} 1', ['a b {"c d":"e"} 1']],
    ['a name behind labels', '{c="d","a\\nb"} 1', ['a\nb {"c":"d"} 1']],
    ['a comment', '# a comment\n#HELP no keyword\n# TYPED a b\n# EOF\na 1', ['a {} 1']],
    ['a colon in a name', ':a:b 1', [':a:b {} 1']],
    ['the largest time', 'a 1 9223372036854775807', ['a {} 1 @9223372036854775000']],
  ])('%s', (_, text, expected) => {
    expect(samples(parse('PrometheusText', text))).toEqual(expected)
  })

  test.each<[name: string, text: string | Buffer, place: string, reason: string]>([
    ['no value', 'a 1\nb\n', '2:2', 'expected a value, found the end of the line'],
    ['no number', 'a x1\n', '1:3', 'expected a value, found "x1"'],
    ['a value and more', 'a 1x\n', '1:3', 'expected a value, found "1x"'],
    ['a value that touches the name', 'a+1\n', '1:2', 'expected a blank, found "+1"'],
    ['a value that is too large', 'a 1e999\n', '1:3', 'the value is too large'],
    ['no timestamp', 'a 1 -2\n', '1:5', 'expected a timestamp, found "-2"'],
    [
      'a timestamp that is too large',
      'a 1 9223372036854775808',
      '1:5',
      'the timestamp is too large',
    ],
    ['more', 'a 1 2 3\n', '1:7', 'expected the end of the line, found "3"'],
    ['a stray byte', 'a 1\n\n  -\n', '3:3', 'expected a metric, found "-"'],
    ['a null byte', 'a 1\n\0', '2:1', 'expected a metric, found "\\u0000"'],
    ['no label', 'a{1="2"} 1', '1:3', 'expected a label, found "1"'],
    ['no equals sign', 'a{b} 1', '1:4', 'expected "=", found "}"'],
    ['no quotes', 'a{b=c} 1', '1:5', 'expected a value in quotes, found "c"'],
    ['an open quote', 'a{b="c} 1\n\n', '1:5', 'a quoted text does not end'],
    [
      'a fault in the line behind it',
      'a{b="c\nd"} 1\nx',
      '3:2',
      'expected a value, found the end of the line',
    ],
    [
      'an escape that is not UTF-8',
      Buffer.from('a{b="\\\xff"} 1', 'latin1'),
      '1:6',
      'this is not UTF-8',
    ],
    ['a fault behind a line feed', 'a{b="c\n",d} 1', '2:4', 'expected "=", found "}"'],
    ['a label twice', 'a{b="1",c="2",b="3"} 1', '1:15', 'the label "b" is there twice'],
    [
      'a label twice, escaped',
      'a{"\\\\b"="1","\\b"="2"} 1',
      '1:14',
      'the label "\\\\b" is there twice',
    ],
    ['no name', ' {b="c"} 1', '1:2', 'there is no metric name'],
    ['two names', 'a{"b"} 1', '1:4', 'there is a second metric name'],
    ['an empty name', '{""} 1', '1:3', 'a name is empty'],
    ['the name as a label', 'a{__name__="b"} 1', '1:3', 'the metric has a name already'],
    ['no family', '# HELP 1', '1:8', 'expected a metric name, found "1"'],
    [
      'no type',
      '# TYPE a',
      '1:9',
      'expected one of counter, gauge, histogram, summary, untyped, found nothing',
    ],
    [
      'a type with a blank',
      '# TYPE a counter ',
      '1:10',
      'expected one of counter, gauge, histogram, summary, untyped, found "counter "',
    ],
  ])('fault: %s', (_, text, place, reason) => {
    expect(faultOf('PrometheusText', text)).toEqual([place, reason])
  })

  test('bytes that are not UTF-8', () => {
    const text = (before: string, after: string) =>
      Buffer.concat([Buffer.from(before), Buffer.of(0xff), Buffer.from(after)])
    expect(faultOf('PrometheusText', text('a{b="', '"} 1'))[0]).toBe('1:6')
    expect(faultOf('PrometheusText', text('{"a', '"} 1'))[0]).toBe('1:3')
    expect(faultOf('PrometheusText', text('# HELP a b', ''))[0]).toBe('1:10')
  })

  test('many labels', () => {
    const labels = Array.from({ length: 40 }, (_, n) => `l${n}="${n}"`)
    const [entry] = parse('PrometheusText', `a{${labels.join(',')}} 1`)
    expect(entry).toMatchObject({ labels: { l0: '0', l39: '39' } })
    const twice = faultOf('PrometheusText', `a{${[...labels, 'l7="x"'].join(',')}} 1`)
    expect(twice[1]).toBe('the label "l7" is there twice')
  })
})

describe('OpenMetrics text', () => {
  test.each<[name: string, text: string, expected: readonly string[]]>([
    ['nothing', '# EOF', []],
    ['a line feed at the end', '# EOF\n', []],
    [
      'times are seconds',
      'a 1 -1.5\nb 2 539317139.527\n# EOF',
      ['a {} 1 @-1500', 'b {} 2 @539317139527'],
    ],
    ['parts of milliseconds', 'a 1 0.00199\n# EOF', ['a {} 1 @1']],
    [
      '_created lines',
      '# TYPE a counter\na_total 1\na_created 5\n# EOF',
      ['a_total {} 1', 'a_created {} 5'],
    ],
  ])('%s', (_, text, expected) => {
    expect(samples(parse('OpenMetricsText', text))).toEqual(expected)
  })

  test.each<[name: string, text: string, place: string, reason: string]>([
    ['no end', 'a 1\n', '2:1', 'expected "# EOF" at the end of the body'],
    ['no line feed', 'a 1\nb 2', '2:4', 'expected "# EOF" at the end of the body'],
    ['more behind the end', '# EOF\na 1', '2:1', 'expected nothing behind "# EOF"'],
    ['more in the line of the end', '# EOF \n', '1:6', 'expected the end of the line, found " "'],
    ['two spaces', 'a  1\n# EOF', '1:3', 'expected a value, found " "'],
    ['a tab', 'a\t1\n# EOF', '1:2', 'expected a space and a value, found "\\t"'],
    ['a space at the end', 'a 1 \n# EOF', '1:5', 'expected a timestamp, found the end of the line'],
    ['a comma too many', 'a{b="c",} 1\n# EOF', '1:9', 'expected a label, found "}"'],
    ['a line feed in a name', '{"a\nb"} 1\n# EOF', '1:2', 'a quoted text does not end'],
    ['an infinite time', 'a 1 Inf\n# EOF', '1:5', 'expected a timestamp, found "Inf"'],
    ['a comment', '# a\n# EOF', '1:1', 'expected "# HELP ", "# TYPE ", "# UNIT " or "# EOF"'],
    [
      'an exemplar of a gauge',
      'a 1 # {b="c"} 2\n# EOF',
      '1:7',
      '"a" may have no exemplar: it counts nothing',
    ],
    [
      'an exemplar with no value',
      'a_total 1 # {b="c"}\n# EOF',
      '1:20',
      'expected a space and a value, found the end of the line',
    ],
    ['a line feed in a value', 'a{b="c\nd"} 1\n# EOF', '1:5', 'a quoted text does not end'],
    [
      'a unit of another',
      '# UNIT a seconds\n# EOF',
      '1:10',
      'the unit is not the end of the metric name, behind a "_"',
    ],
    ['no help', '# HELP a\n# EOF', '1:9', 'expected a space and the help'],
  ])('fault: %s', (_, text, place, reason) => {
    expect(faultOf('OpenMetricsText', text)).toEqual([place, reason])
  })

  test('exemplars', () => {
    const text = 'a_total{b="c"} 1 2 # {d="\\"e","f g"=""} 3 4.5\nb_bucket 1 # {} 2\n# EOF'
    expect(parse('OpenMetricsText', text)).toMatchObject([
      { exemplars: [{ labels: { d: '"e', 'f g': '' }, value: 3, timestampMs: 4500 }] },
      { exemplars: [{ labels: {}, value: 2 }] },
      { kind: 'end' },
    ])
  })

  test('when metrics were created', () => {
    const text = `# TYPE a counter
a_created{b="0"} 7
a_total{b="0"} 1
a_total{b="1"} 1
a_created{b="1"} 8.5
a_total{b="2"} 1
a_total{b="3"} 1
a_created{b="3"} 9
# TYPE c histogram
c_bucket{le="1"} 1
c_bucket{le="+Inf"} 1
c_created 10
c_count 1
# TYPE d_created gauge
d_created 11
# EOF`
    const entries = parse('OpenMetricsText', text, { createdLines: true })
    const starts = entries.flatMap((one) => (one.kind === 'series' ? [one.startTimestampMs] : []))
    expect(starts).toEqual([7000, 8500, undefined, 9000, 10000, 10000, 10000, undefined])
  })

  test('type and unit labels take the place of those in the text', () => {
    const text = `# TYPE a_s gauge
# UNIT a_s s
a_s{__type__="x",__unit__="y",__name__="z",b="c"} 1
# TYPE d unknown
# UNIT d \nd{__type__="x"} 1
# EOF`
    const entries = parse('OpenMetricsText', text, { typeAndUnitLabels: true })
    expect(samples(entries)).toEqual([
      'a_s {"__type__":"gauge","__unit__":"s","b":"c"} 1',
      'd {"__type__":"x"} 1',
    ])
  })
})

test('a series that the cache expects may go on with braces behind a blank', () => {
  const cache = new SeriesCache()
  for (const text of ['a 1\nb 2', 'a {c="d"} 1\nb 2']) {
    cache.begin()
    parse('PrometheusText', text, { cache })
    cache.finish(() => {})
  }
  expect(cache.size).toBe(2)
  cache.begin()
  expect(samples(parse('PrometheusText', 'a {c="d"} 1\na {c="e"} 3', { cache }))).toEqual([
    'a {"c":"d"} 1',
    'a {"c":"e"} 3',
  ])
  cache.finish(() => {})
})

test('a fault is told again and again, and nothing is handed on behind it', () => {
  const sink = new RecordingSink()
  const parser = createExpositionParser('PrometheusText', sink)
  const fault = expect.objectContaining({ place: { line: 2, column: 3 } })
  expect(() => parser.push(Buffer.from('a 1\nb x\nc 3\n'))).toThrow(fault)
  expect(() => parser.push(Buffer.from('d 4\n'))).toThrow(fault)
  expect(() => parser.end()).toThrow(fault)
  expect(samples(sink.entries)).toEqual(['a {} 1'])
})

test('a quoted text that goes on and on is not looked through again with each chunk', () => {
  const sink = new RecordingSink()
  const parser = createExpositionParser('PrometheusText', sink)
  parser.push(Buffer.from('a{b="'))
  for (let n = 0; n < 20_000; n++) parser.push(Buffer.from('line\n'))
  parser.push(Buffer.from('"} 1\n'))
  parser.end()
  expect(samples(sink.entries)).toHaveLength(1)
})

function faultOf(format: ExpositionFormat, text: string | Buffer): readonly [string, string] {
  try {
    parse(format, text)
  } catch (error) {
    if (!(error instanceof MalformedExposition) || !('line' in error.place)) throw error
    return [`${error.place.line}:${error.place.column}`, error.reason]
  }
  throw new Error('there is no fault')
}
