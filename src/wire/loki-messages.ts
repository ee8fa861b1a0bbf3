/** Loki's push request (`logproto.PushRequest`), as tables. */
import { items, many, text } from './fields.js'

export const LOKI = {
  PushRequest: { streams: many(1, 'StreamAdapter') },
  StreamAdapter: {
    /** As `{job="a", level="info"}`. */
    labels: { ...text(1), first: true },
    entries: items(2, 'EntryAdapter'),
    hash: { number: 3, type: 'uint64' },
  },
  EntryAdapter: {
    timestamp: { number: 1, type: 'Timestamp' },
    line: text(2),
    structuredMetadata: many(3, 'LabelPairAdapter'),
    parsed: many(4, 'LabelPairAdapter'),
  },
  LabelPairAdapter: { name: text(1), value: text(2) },
  /** google.protobuf.Timestamp. */
  Timestamp: { seconds: { number: 1, type: 'int64' }, nanos: { number: 2, type: 'int32' } },
} as const
