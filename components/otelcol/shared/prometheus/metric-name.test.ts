import { describe, expect, test } from 'vitest'
import { labelName } from './label-name.js'
import { metricName, type NameKind, unitCode, unitName } from './metric-name.js'
import { decimalText } from './number-text.js'

const NAMES: readonly (readonly [string, string, NameKind, string, string])[] = [
  ['http.server.duration', 's', 'other', 'http_server_duration_seconds', 'http_server_duration'],
  ['requests', '', 'counter', 'requests_total', 'requests'],
  ['requests_total', '', 'counter', 'requests_total', 'requests_total'],
  ['total.requests', '', 'counter', 'requests_total', 'total_requests'],
  ['requests.total.bytes', 'By', 'counter', 'requests_bytes_total', 'requests_total_bytes'],
  ['io', 'By', 'counter', 'io_bytes_total', 'io'],
  ['usage', '1', 'gauge', 'usage_ratio', 'usage'],
  ['usage', '1', 'counter', 'usage_total', 'usage'],
  ['usage', '1', 'other', 'usage', 'usage'],
  ['ratio.of.usage', '1', 'gauge', 'of_usage_ratio', 'ratio_of_usage'],
  ['net', 'By/s', 'gauge', 'net_bytes_per_second', 'net'],
  ['speed', 'm/s', 'gauge', 'speed_meters_per_second', 'speed'],
  ['fuel', 'L/km', 'gauge', 'fuel_L_per_km', 'fuel'],
  ['packets', '{packet}', 'counter', 'packets_total', 'packets'],
  ['packets', '{packet}/s', 'gauge', 'packets_per_second', 'packets'],
  ['errors', '/s', 'gauge', 'errors_per_second', 'errors'],
  ['a', ' ms ', 'gauge', 'a_milliseconds', 'a'],
  ['load', 'req°', 'gauge', 'load_req', 'load'],
  ['used', '%', 'gauge', 'used_percent', 'used'],
  ['seconds.of.a', 's', 'gauge', 'seconds_of_a', 'seconds_of_a'],
  ['5xx', '', 'counter', '_5xx_total', '_5xx'],
  ['a::b..c--d', '', 'other', 'a::b_c_d', 'a::b_c_d'],
  ['__a__b__', '', 'other', 'a_b', '__a__b__'],
  ['größe', '', 'other', 'gr_e', 'gr_e'],
  ['.a.', '', 'other', 'a', 'a'],
  ['...', '', 'other', '', ''],
  ['', 's', 'counter', '', ''],
]

describe('names of metrics', () => {
  test.each(NAMES)('%s in "%s", %s: %s', (name, unit, kind, expected, plain) => {
    expect(metricName(name, unit, kind, true)).toBe(expected)
    expect(metricName(name, unit, kind, false)).toBe(plain)
  })
})

test.each([
  ['s', 'seconds', 's'],
  ['By/s', 'bytes_per_second', 'By/s'],
  ['1', '', ''],
  ['{call}', '', ''],
  ['{call}/min', 'per_min', 'per_min'],
  ['m/m', 'meters_per_minute', 'm/m'],
  ['furlong', 'furlong', 'furlong'],
])('the unit %s is %s in words', (unit, words, back) => {
  expect(unitName(unit)).toBe(words)
  expect(unitCode(words)).toBe(back)
})

test('a ratio has the unit 1', () => expect(unitCode('ratio')).toBe('1'))

test.each([
  ['http.method', 'http_method'],
  ['a..b', 'a_b'],
  ['a__b', 'a_b'],
  ['a-', 'a_'],
  ['1st', 'key_1st'],
  ['_a', 'key_a'],
  ['__a', 'key_a'],
  ['.a', 'key_a'],
  ['__a__', '__a__'],
  ['Ä', ''],
  ['___', ''],
  ['', ''],
  ['a:b', 'a_b'],
  ['große', 'gro_e'],
])('the key %s is the label %s', (key, label) => {
  expect(labelName(key)).toBe(label)
})

test.each([
  [0.5, '0.5'],
  [1, '1'],
  [1e21, '1000000000000000000000'],
  [1.5e22, '15000000000000000000000'],
  [-1.25e-7, '-0.000000125'],
  [5e-324, `0.${'0'.repeat(323)}5`],
  [-0, '-0'],
  [Number.POSITIVE_INFINITY, '+Inf'],
  [Number.NEGATIVE_INFINITY, '-Inf'],
  [Number.NaN, 'NaN'],
])('%f is written %s', (value, text) => expect(decimalText(value)).toBe(text))
