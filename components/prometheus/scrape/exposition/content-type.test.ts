import { describe, expect, test } from 'vitest'
import { acceptHeader, chooseFormat, scrapeProtocol } from './content-type.js'

test('the Accept header offers the best first', () => {
  const protocols = ['PrometheusProto', 'OpenMetricsText1.0.0', 'PrometheusText0.0.4'] as const
  expect(acceptHeader(protocols, 'underscores').split(',')).toEqual([
    'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6',
    'application/openmetrics-text;version=1.0.0;escaping=underscores;q=0.5',
    'text/plain;version=0.0.4;q=0.4',
    '*/*;q=0.3',
  ])
})

test('a protocol has two names', () => {
  expect(scrapeProtocol('PrometheusText0_0_4')).toBe('PrometheusText0.0.4')
  expect(scrapeProtocol('PrometheusText0.0.4')).toBe('PrometheusText0.0.4')
  expect(scrapeProtocol('PrometheusProto')).toBe('PrometheusProto')
  expect(scrapeProtocol('text/plain')).toBeUndefined()
})

describe('the format by the Content-Type', () => {
  test.each<[header: string, format: string]>([
    ['text/plain', 'PrometheusText'],
    ['Text/Plain ; Version="1.0.0" ;', 'PrometheusText'],
    ['text/plain;charset=utf-8;charset=utf-8', 'PrometheusText'],
    ['application/openmetrics-text; version=1.0.0; charset=utf-8', 'OpenMetricsText'],
    ['application/vnd.google.protobuf; encoding=delimited', 'PrometheusProto'],
  ])('%s', (header, format) => {
    expect(chooseFormat(header, undefined)).toEqual({ format, fault: undefined })
  })

  test.each<[header: string | undefined, fault: string]>([
    [undefined, 'the target sent no Content-Type'],
    ['', 'the target sent no Content-Type'],
    ['text/html', 'the Content-Type "text/html" is none of a scrape'],
    ['text', 'the Content-Type "text" is none of a scrape'],
    [';', 'the Content-Type ";" has no media type'],
    ['/', 'the Content-Type "/" has no media type'],
    ['text/', 'the Content-Type "text/" has no token after its slash'],
    ['text/plain/x', 'the Content-Type "text/plain/x" has more than one slash'],
    ['text plain', 'the Content-Type "text plain" has no media type'],
    ['text/plain; a', 'the Content-Type "text/plain; a" has a parameter that is none'],
    ['text/plain; a=1; A=2', 'the Content-Type "text/plain; a=1; A=2" has two values for "A"'],
  ])('%s is none', (header, fault) => {
    expect(chooseFormat(header, undefined)).toEqual({
      format: undefined,
      fault: `${fault}, and scrape_fallback_protocol is not set`,
    })
    expect(chooseFormat(header, 'OpenMetricsText0.0.1')).toEqual({
      format: 'OpenMetricsText',
      fault: `${fault}; it is read as OpenMetricsText0.0.1`,
    })
  })
})
