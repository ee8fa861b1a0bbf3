import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EntryReader, labelName, labelText, receiveBatch } from '#pdata'
import { encodeRequest, keyValue, type Plain } from '#support'
import { LogsToEntries } from './logs-to-entries.js'

/** The same rules on objects, one record after another: slow, and short enough to be read. */
function expectedOf(resource: readonly Plain[], record: Plain): readonly [string, unknown] {
  const attributes = mapOf(record['attributes'] as Plain[])
  const ofResource = mapOf(resource)
  const labels: string[] = ['exporter', 'OTLP']
  if (ofResource.has('service.name')) labels.push('job', String(ofResource.get('service.name')))
  const promote = (from: Map<string, unknown>, hint: unknown) => {
    for (const name of String(hint ?? '').split(',')) {
      const value = String(from.get(name) ?? '')
      if (value === '') continue
      labels.push(labelName(name), value)
      gone.get(from)!.add(name)
    }
  }
  const gone = new Map([attributes, ofResource].map((one) => [one, new Set<string>()]))
  promote(ofResource, ofResource.get('loki.resource.labels'))
  promote(ofResource, attributes.get('loki.resource.labels'))
  const severity = record['severityNumber'] as number
  if (severity > 0) {
    const level = String(attributes.get('level') ?? '')
    labels.push('level', level || LEVELS[severity]!)
    if (level !== '') gone.get(attributes)!.add('level')
  }
  promote(attributes, attributes.get('loki.attribute.labels'))
  const rest = (from: Map<string, unknown>) =>
    Object.fromEntries(
      [...from].filter(([key]) => !key.startsWith('loki.') && !gone.get(from)!.has(key)),
    )
  const line: Plain = { body: record['body'].stringValue }
  if (record['flags']) line['flags'] = record['flags']
  if (Object.keys(rest(attributes)).length > 0) line['attributes'] = rest(attributes)
  if (Object.keys(rest(ofResource)).length > 0) line['resources'] = rest(ofResource)
  return [labelText(labels), line]
}

const LEVELS = ['', 'TRACE', 'TRACE2', 'TRACE3', 'TRACE4', 'DEBUG']

/** Of equal keys the first. */
function mapOf(list: readonly Plain[]): Map<string, unknown> {
  const map = new Map<string, unknown>()
  for (const { key, value } of list) {
    const plain = value.stringValue ?? value.boolValue ?? Number(value.intValue)
    if (!map.has(key as string)) map.set(key as string, plain)
  }
  return map
}

const names = ['a', 'b.c', 'level', '1st', 'service.name', 'lang.x', 'straße']
const value = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.integer(), fc.boolean())
const hint = fc.uniqueArray(fc.constantFrom(...names), { maxLength: 4 }).map((all) => all.join(','))
const attributes = fc
  .uniqueArray(
    fc.oneof(
      fc.tuple(fc.constantFrom(...names), value),
      fc.tuple(fc.constantFrom('loki.attribute.labels', 'loki.resource.labels'), hint),
    ),
    { maxLength: 9, selector: ([key]) => key },
  )
  .map((all) => all.map(([key, one]) => keyValue(key, one)))
const record = fc.record({
  severityNumber: fc.integer({ min: 0, max: 5 }),
  body: fc.record({ stringValue: fc.string({ unit: 'grapheme', maxLength: 600 }) }),
  flags: fc.constantFrom(0, 1),
  attributes,
})
const resources = fc.array(fc.tuple(attributes, fc.array(record, { maxLength: 5 })), {
  maxLength: 4,
})

test('entries are those that objects give', () => {
  const converter = new LogsToEntries(() => 0)
  fc.assert(
    fc.property(resources, (given) => {
      const resourceLogs = given.map(([of, logRecords]) => ({
        resource: { attributes: of },
        scopeLogs: [{ logRecords }],
      }))
      const batch = converter.convert(receiveBatch('logs', encodeRequest('logs', { resourceLogs })))
      const expected = given.flatMap(([of, all]) => all.map((one) => expectedOf(of, one)))
      const found: [string, unknown][] = []
      // What goes on is a good request.
      expect(receiveBatch('entries', Buffer.concat(batch.chunks)).items).toBe(expected.length)
      const reader = new EntryReader(batch)
      while (reader.nextStream()) {
        while (reader.nextEntry()) found.push([reader.labels, JSON.parse(reader.line)])
      }
      const byText = (list: readonly unknown[]) => list.map((one) => JSON.stringify(one)).sort()
      const inOrder = (list: readonly (readonly [string, unknown])[]) =>
        byText(list.map(([labels, line]) => [labels, sortKeys(line)]))
      expect(inOrder(found)).toEqual(inOrder(expected))
    }),
    { numRuns: 300 },
  )
})

function sortKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, one]) => [key, sortKeys(one)]))
}
