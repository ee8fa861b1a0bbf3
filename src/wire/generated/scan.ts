/**
 * Made from ../messages.ts by ../generator.ts: UPDATE=1 npx vitest run src/wire/generated.test.ts
 */
import {
  descend,
  fail,
  failEnd,
  id,
  longSize,
  restOfVarint,
  type ScanResult,
  scanWhole,
  state,
  text,
  unknown,
  varints,
} from '../scan-core.js'

/** Checks a whole message, and counts its items. Throws MalformedData. */
export const scans = {
  ExportTraceServiceRequest: (bytes: Uint8Array): ScanResult => scanWhole(bytes, ExportTraceServiceRequest),
  ExportTraceServiceResponse: (bytes: Uint8Array): ScanResult => scanWhole(bytes, ExportTraceServiceResponse),
  ExportMetricsServiceRequest: (bytes: Uint8Array): ScanResult => scanWhole(bytes, ExportMetricsServiceRequest),
  ExportMetricsServiceResponse: (bytes: Uint8Array): ScanResult => scanWhole(bytes, ExportMetricsServiceResponse),
  ExportLogsServiceRequest: (bytes: Uint8Array): ScanResult => scanWhole(bytes, ExportLogsServiceRequest),
  ExportLogsServiceResponse: (bytes: Uint8Array): ScanResult => scanWhole(bytes, ExportLogsServiceResponse),
  Status: (bytes: Uint8Array): ScanResult => scanWhole(bytes, Status),
  RetryInfo: (bytes: Uint8Array): ScanResult => scanWhole(bytes, RetryInfo),
  BadRequest: (bytes: Uint8Array): ScanResult => scanWhole(bytes, BadRequest),
  WriteRequest: (bytes: Uint8Array): ScanResult => scanWhole(bytes, WriteRequest),
  PushRequest: (bytes: Uint8Array): ScanResult => scanWhole(bytes, PushRequest),
  WriteRequestV2: (bytes: Uint8Array): ScanResult => scanWhole(bytes, WriteRequestV2),
}

function ExportTraceServiceRequest(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // resourceSpans
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          ResourceSpans(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('ExportTraceServiceRequest', 2, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('ExportTraceServiceRequest', pos)
}

function ExportTraceServiceResponse(bytes: Uint8Array, pos: number, end: number): void {
  let seen = 0
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // partialSuccess
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          ExportTracePartialSuccess(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('ExportTraceServiceResponse', 2, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('ExportTraceServiceResponse', pos)
}

function ExportMetricsServiceRequest(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // resourceMetrics
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          ResourceMetrics(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('ExportMetricsServiceRequest', 2, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('ExportMetricsServiceRequest', pos)
}

function ExportMetricsServiceResponse(bytes: Uint8Array, pos: number, end: number): void {
  let seen = 0
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // partialSuccess
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          ExportMetricsPartialSuccess(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('ExportMetricsServiceResponse', 2, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('ExportMetricsServiceResponse', pos)
}

function ExportLogsServiceRequest(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // resourceLogs
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          ResourceLogs(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('ExportLogsServiceRequest', 2, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('ExportLogsServiceRequest', pos)
}

function ExportLogsServiceResponse(bytes: Uint8Array, pos: number, end: number): void {
  let seen = 0
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // partialSuccess
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          ExportLogsPartialSuccess(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('ExportLogsServiceResponse', 2, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('ExportLogsServiceResponse', pos)
}

function Status(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 8: // code
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 18: // message
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      case 26: // details
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          Any(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('Status', 14, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('Status', pos)
}

function RetryInfo(bytes: Uint8Array, pos: number, end: number): void {
  let seen = 0
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // retryDelay
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          Duration(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('RetryInfo', 2, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('RetryInfo', pos)
}

function BadRequest(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // fieldViolations
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          FieldViolation(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('BadRequest', 2, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('BadRequest', pos)
}

function WriteRequest(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // timeseries
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          TimeSeries(bytes, pos, next)
          pos = next
        }
        break
      case 26: // metadata
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          MetricMetadata(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('WriteRequest', 10, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('WriteRequest', pos)
}

function PushRequest(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // streams
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          StreamAdapter(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('PushRequest', 2, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('PushRequest', pos)
}

function WriteRequestV2(bytes: Uint8Array, pos: number, end: number): void {
  let seen = 0
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 34: // symbols
        if (seen !== 0) state.regular = false
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      case 42: // timeseries
        seen |= 1
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          TimeSeriesV2(bytes, pos, next)
          pos = next
        }
        break
      default:
        seen |= 1
        pos =
          unknown('WriteRequestV2', 48, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('WriteRequestV2', pos)
}

function ResourceSpans(bytes: Uint8Array, pos: number, end: number): void {
  let seen = 0
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // resource
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          Resource(bytes, pos, next)
          pos = next
        }
        break
      case 18: // scopeSpans
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          ScopeSpans(bytes, pos, next)
          pos = next
        }
        break
      case 26: // schemaUrl
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      default:
        if (tag === 194 && bytes[pos] === 62) { // legacy
          pos++
        state.regular = false
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          ScopeSpans(bytes, pos, next)
          pos = next
        }
          break
        }
        pos =
          unknown('ResourceSpans', 14, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('ResourceSpans', pos)
}

function ExportTracePartialSuccess(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 8: // rejectedSpans
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 18: // errorMessage
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('ExportTracePartialSuccess', 6, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('ExportTracePartialSuccess', pos)
}

function ResourceMetrics(bytes: Uint8Array, pos: number, end: number): void {
  let seen = 0
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // resource
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          Resource(bytes, pos, next)
          pos = next
        }
        break
      case 18: // scopeMetrics
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          ScopeMetrics(bytes, pos, next)
          pos = next
        }
        break
      case 26: // schemaUrl
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      default:
        if (tag === 194 && bytes[pos] === 62) { // legacy
          pos++
        state.regular = false
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          ScopeMetrics(bytes, pos, next)
          pos = next
        }
          break
        }
        pos =
          unknown('ResourceMetrics', 14, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('ResourceMetrics', pos)
}

function ExportMetricsPartialSuccess(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 8: // rejectedDataPoints
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 18: // errorMessage
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('ExportMetricsPartialSuccess', 6, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('ExportMetricsPartialSuccess', pos)
}

function ResourceLogs(bytes: Uint8Array, pos: number, end: number): void {
  let seen = 0
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // resource
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          Resource(bytes, pos, next)
          pos = next
        }
        break
      case 18: // scopeLogs
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          ScopeLogs(bytes, pos, next)
          pos = next
        }
        break
      case 26: // schemaUrl
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      default:
        if (tag === 194 && bytes[pos] === 62) { // legacy
          pos++
        state.regular = false
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          ScopeLogs(bytes, pos, next)
          pos = next
        }
          break
        }
        pos =
          unknown('ResourceLogs', 14, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('ResourceLogs', pos)
}

function ExportLogsPartialSuccess(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 8: // rejectedLogRecords
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 18: // errorMessage
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('ExportLogsPartialSuccess', 6, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('ExportLogsPartialSuccess', pos)
}

function Any(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // typeUrl
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      case 18: // value
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          pos = next
        }
        break
      default:
        pos =
          unknown('Any', 6, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('Any', pos)
}

function Duration(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 8: // seconds
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 16: // nanos
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      default:
        pos =
          unknown('Duration', 6, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('Duration', pos)
}

function FieldViolation(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // field
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      case 18: // description
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('FieldViolation', 6, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('FieldViolation', pos)
}

function TimeSeries(bytes: Uint8Array, pos: number, end: number): void {
  let seen = 0
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // labels
        if (seen !== 0) state.regular = false
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          Label(bytes, pos, next)
          pos = next
        }
        break
      case 18: // samples
        seen |= 1
        state.items++
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          Sample(bytes, pos, next)
          pos = next
        }
        break
      case 26: // exemplars
        seen |= 1
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          SeriesExemplar(bytes, pos, next)
          pos = next
        }
        break
      case 34: // histograms
        seen |= 1
        state.items++
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          NativeHistogram(bytes, pos, next)
          pos = next
        }
        break
      default:
        if (tag === 248 && bytes[pos] === 1) { // createdTimestamp
          pos++
        seen |= 1
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
          break
        }
        seen |= 1
        pos =
          unknown('TimeSeries', -2147483618, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('TimeSeries', pos)
}

function MetricMetadata(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 8: // type
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 18: // metricFamilyName
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      case 34: // help
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      case 42: // unit
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('MetricMetadata', 54, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('MetricMetadata', pos)
}

function StreamAdapter(bytes: Uint8Array, pos: number, end: number): void {
  let seen = 0
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // labels
        if (seen !== 0) state.regular = false
        seen |= 1
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      case 18: // entries
        seen |= 1
        state.items++
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          EntryAdapter(bytes, pos, next)
          pos = next
        }
        break
      case 24: // hash
        seen |= 1
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      default:
        pos =
          unknown('StreamAdapter', 14, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('StreamAdapter', pos)
}

function TimeSeriesV2(bytes: Uint8Array, pos: number, end: number): void {
  let seen = 0
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 8: // labelsRefs
        if (seen !== 0) state.regular = false
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 10: // labelsRefs, packed
        if (seen !== 0) state.regular = false
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          varints(bytes, pos, next)
          pos = next
        }
        break
      case 18: // samples
        seen |= 2
        state.items++
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          Sample(bytes, pos, next)
          pos = next
        }
        break
      case 26: // histograms
        seen |= 2
        state.items++
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          NativeHistogram(bytes, pos, next)
          pos = next
        }
        break
      case 34: // exemplars
        seen |= 2
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          SeriesExemplarV2(bytes, pos, next)
          pos = next
        }
        break
      case 42: // metadata
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          MetadataV2(bytes, pos, next)
          pos = next
        }
        break
      case 48: // createdTimestamp
        seen |= 2
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      default:
        seen |= 2
        pos =
          unknown('TimeSeriesV2', 126, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('TimeSeriesV2', pos)
}

function Resource(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // attributes
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          KeyValue(bytes, pos, next)
          pos = next
        }
        break
      case 16: // droppedAttributesCount
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 26: // entityRefs
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          EntityRef(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('Resource', 14, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('Resource', pos)
}

function ScopeSpans(bytes: Uint8Array, pos: number, end: number): void {
  let seen = 0
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // scope
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          InstrumentationScope(bytes, pos, next)
          pos = next
        }
        break
      case 18: // spans
        state.items++
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          Span(bytes, pos, next)
          pos = next
        }
        break
      case 26: // schemaUrl
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('ScopeSpans', 14, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('ScopeSpans', pos)
}

function ScopeMetrics(bytes: Uint8Array, pos: number, end: number): void {
  let seen = 0
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // scope
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          InstrumentationScope(bytes, pos, next)
          pos = next
        }
        break
      case 18: // metrics
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          Metric(bytes, pos, next)
          pos = next
        }
        break
      case 26: // schemaUrl
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('ScopeMetrics', 14, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('ScopeMetrics', pos)
}

function ScopeLogs(bytes: Uint8Array, pos: number, end: number): void {
  let seen = 0
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // scope
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          InstrumentationScope(bytes, pos, next)
          pos = next
        }
        break
      case 18: // logRecords
        state.items++
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          LogRecord(bytes, pos, next)
          pos = next
        }
        break
      case 26: // schemaUrl
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('ScopeLogs', 14, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('ScopeLogs', pos)
}

function Label(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // name
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      case 18: // value
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('Label', 6, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('Label', pos)
}

function Sample(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 9: // value
        pos += 8
        break
      case 16: // timestamp
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 24: // startTimestamp
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      default:
        pos =
          unknown('Sample', 14, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('Sample', pos)
}

function SeriesExemplar(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // labels
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          Label(bytes, pos, next)
          pos = next
        }
        break
      case 17: // value
        pos += 8
        break
      case 24: // timestamp
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      default:
        pos =
          unknown('SeriesExemplar', 14, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('SeriesExemplar', pos)
}

function NativeHistogram(bytes: Uint8Array, pos: number, end: number): void {
  let seen = 0
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 8: // countInt
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 17: // countFloat
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        pos += 8
        break
      case 25: // sum
        pos += 8
        break
      case 32: // schema
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 41: // zeroThreshold
        pos += 8
        break
      case 48: // zeroCountInt
        if ((seen & 2) !== 0) state.regular = false
        seen |= 2
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 57: // zeroCountFloat
        if ((seen & 2) !== 0) state.regular = false
        seen |= 2
        pos += 8
        break
      case 66: // negativeSpans
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          BucketSpan(bytes, pos, next)
          pos = next
        }
        break
      case 72: // negativeDeltas
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 74: // negativeDeltas, packed
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          varints(bytes, pos, next)
          pos = next
        }
        break
      case 81: // negativeCounts
        pos += 8
        break
      case 82: // negativeCounts, packed
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          if ((size & 7) !== 0) fail('a packed list is cut short', pos)
          pos = next
        }
        break
      case 90: // positiveSpans
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          BucketSpan(bytes, pos, next)
          pos = next
        }
        break
      case 96: // positiveDeltas
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 98: // positiveDeltas, packed
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          varints(bytes, pos, next)
          pos = next
        }
        break
      case 105: // positiveCounts
        pos += 8
        break
      case 106: // positiveCounts, packed
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          if ((size & 7) !== 0) fail('a packed list is cut short', pos)
          pos = next
        }
        break
      case 112: // resetHint
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 120: // timestamp
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      default:
        if (tag === 129 && bytes[pos] === 1) { // customValues
          pos++
        pos += 8
          break
        }
        if (tag === 130 && bytes[pos] === 1) { // customValues, packed
          pos++
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          if ((size & 7) !== 0) fail('a packed list is cut short', pos)
          pos = next
        }
          break
        }
        if (tag === 136 && bytes[pos] === 1) { // startTimestamp
          pos++
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
          break
        }
        pos =
          unknown('NativeHistogram', 262142, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('NativeHistogram', pos)
}

function EntryAdapter(bytes: Uint8Array, pos: number, end: number): void {
  let seen = 0
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // timestamp
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          Timestamp(bytes, pos, next)
          pos = next
        }
        break
      case 18: // line
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      case 26: // structuredMetadata
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          LabelPairAdapter(bytes, pos, next)
          pos = next
        }
        break
      case 34: // parsed
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          LabelPairAdapter(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('EntryAdapter', 30, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('EntryAdapter', pos)
}

function SeriesExemplarV2(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 8: // labelsRefs
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 10: // labelsRefs, packed
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          varints(bytes, pos, next)
          pos = next
        }
        break
      case 17: // value
        pos += 8
        break
      case 24: // timestamp
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      default:
        pos =
          unknown('SeriesExemplarV2', 14, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('SeriesExemplarV2', pos)
}

function MetadataV2(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 8: // type
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 24: // helpRef
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 32: // unitRef
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      default:
        pos =
          unknown('MetadataV2', 26, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('MetadataV2', pos)
}

function KeyValue(bytes: Uint8Array, pos: number, end: number): void {
  let seen = 0
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // key
        if (seen !== 0) state.regular = false
        seen |= 2
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      case 18: // value
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          AnyValue(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('KeyValue', 6, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('KeyValue', pos)
}

function EntityRef(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // schemaUrl
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      case 18: // type
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      case 26: // idKeys
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      case 34: // descriptionKeys
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('EntityRef', 30, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('EntityRef', pos)
}

function InstrumentationScope(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // name
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      case 18: // version
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      case 26: // attributes
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          KeyValue(bytes, pos, next)
          pos = next
        }
        break
      case 32: // droppedAttributesCount
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      default:
        pos =
          unknown('InstrumentationScope', 30, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('InstrumentationScope', pos)
}

function Span(bytes: Uint8Array, pos: number, end: number): void {
  let seen = 0
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // traceId
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          id(pos, next, 16)
          pos = next
        }
        break
      case 18: // spanId
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          id(pos, next, 8)
          pos = next
        }
        break
      case 26: // traceState
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      case 34: // parentSpanId
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          id(pos, next, 8)
          pos = next
        }
        break
      case 42: // name
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      case 48: // kind
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 57: // startTimeUnixNano
        pos += 8
        break
      case 65: // endTimeUnixNano
        pos += 8
        break
      case 74: // attributes
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          KeyValue(bytes, pos, next)
          pos = next
        }
        break
      case 80: // droppedAttributesCount
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 90: // events
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          Event(bytes, pos, next)
          pos = next
        }
        break
      case 96: // droppedEventsCount
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 106: // links
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          Link(bytes, pos, next)
          pos = next
        }
        break
      case 112: // droppedLinksCount
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 122: // status
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          SpanStatus(bytes, pos, next)
          pos = next
        }
        break
      default:
        if (tag === 133 && bytes[pos] === 1) { // flags
          pos++
        pos += 4
          break
        }
        pos =
          unknown('Span', 131070, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('Span', pos)
}

function Metric(bytes: Uint8Array, pos: number, end: number): void {
  let seen = 0
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // name
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      case 18: // description
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      case 26: // unit
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      case 42: // gauge
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          Gauge(bytes, pos, next)
          pos = next
        }
        break
      case 58: // sum
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          Sum(bytes, pos, next)
          pos = next
        }
        break
      case 74: // histogram
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          Histogram(bytes, pos, next)
          pos = next
        }
        break
      case 82: // exponentialHistogram
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          ExponentialHistogram(bytes, pos, next)
          pos = next
        }
        break
      case 90: // summary
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          Summary(bytes, pos, next)
          pos = next
        }
        break
      case 98: // metadata
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          KeyValue(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('Metric', 7854, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('Metric', pos)
}

function LogRecord(bytes: Uint8Array, pos: number, end: number): void {
  let seen = 0
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 9: // timeUnixNano
        pos += 8
        break
      case 16: // severityNumber
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 26: // severityText
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      case 42: // body
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          AnyValue(bytes, pos, next)
          pos = next
        }
        break
      case 50: // attributes
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          KeyValue(bytes, pos, next)
          pos = next
        }
        break
      case 56: // droppedAttributesCount
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 69: // flags
        pos += 4
        break
      case 74: // traceId
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          id(pos, next, 16)
          pos = next
        }
        break
      case 82: // spanId
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          id(pos, next, 8)
          pos = next
        }
        break
      case 89: // observedTimeUnixNano
        pos += 8
        break
      case 98: // eventName
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('LogRecord', 8174, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('LogRecord', pos)
}

function BucketSpan(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 8: // offset
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 16: // length
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      default:
        pos =
          unknown('BucketSpan', 6, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('BucketSpan', pos)
}

function Timestamp(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 8: // seconds
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 16: // nanos
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      default:
        pos =
          unknown('Timestamp', 6, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('Timestamp', pos)
}

function LabelPairAdapter(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // name
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      case 18: // value
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('LabelPairAdapter', 6, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('LabelPairAdapter', pos)
}

function AnyValue(bytes: Uint8Array, pos: number, end: number): void {
  let seen = 0
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // stringValue
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      case 16: // boolValue
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 24: // intValue
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 33: // doubleValue
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        pos += 8
        break
      case 42: // arrayValue
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          descend(pos)
          ArrayValue(bytes, pos, next)
          state.depth--
          pos = next
        }
        break
      case 50: // kvlistValue
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          descend(pos)
          KeyValueList(bytes, pos, next)
          state.depth--
          pos = next
        }
        break
      case 58: // bytesValue
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          pos = next
        }
        break
      default:
        pos =
          unknown('AnyValue', 254, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('AnyValue', pos)
}

function Event(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 9: // timeUnixNano
        pos += 8
        break
      case 18: // name
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      case 26: // attributes
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          KeyValue(bytes, pos, next)
          pos = next
        }
        break
      case 32: // droppedAttributesCount
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      default:
        pos =
          unknown('Event', 30, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('Event', pos)
}

function Link(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // traceId
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          id(pos, next, 16)
          pos = next
        }
        break
      case 18: // spanId
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          id(pos, next, 8)
          pos = next
        }
        break
      case 26: // traceState
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      case 34: // attributes
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          KeyValue(bytes, pos, next)
          pos = next
        }
        break
      case 40: // droppedAttributesCount
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 53: // flags
        pos += 4
        break
      default:
        pos =
          unknown('Link', 126, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('Link', pos)
}

function SpanStatus(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 18: // message
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          text(bytes, pos, next)
          pos = next
        }
        break
      case 24: // code
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      default:
        pos =
          unknown('SpanStatus', 12, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('SpanStatus', pos)
}

function Gauge(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // dataPoints
        state.items++
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          NumberDataPoint(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('Gauge', 2, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('Gauge', pos)
}

function Sum(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // dataPoints
        state.items++
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          NumberDataPoint(bytes, pos, next)
          pos = next
        }
        break
      case 16: // aggregationTemporality
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 24: // isMonotonic
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      default:
        pos =
          unknown('Sum', 14, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('Sum', pos)
}

function Histogram(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // dataPoints
        state.items++
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          HistogramDataPoint(bytes, pos, next)
          pos = next
        }
        break
      case 16: // aggregationTemporality
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      default:
        pos =
          unknown('Histogram', 6, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('Histogram', pos)
}

function ExponentialHistogram(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // dataPoints
        state.items++
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          ExponentialHistogramDataPoint(bytes, pos, next)
          pos = next
        }
        break
      case 16: // aggregationTemporality
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      default:
        pos =
          unknown('ExponentialHistogram', 6, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('ExponentialHistogram', pos)
}

function Summary(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // dataPoints
        state.items++
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          SummaryDataPoint(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('Summary', 2, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('Summary', pos)
}

function ArrayValue(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // values
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          AnyValue(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('ArrayValue', 2, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('ArrayValue', pos)
}

function KeyValueList(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // values
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          KeyValue(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('KeyValueList', 2, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('KeyValueList', pos)
}

function NumberDataPoint(bytes: Uint8Array, pos: number, end: number): void {
  let seen = 0
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 17: // startTimeUnixNano
        pos += 8
        break
      case 25: // timeUnixNano
        pos += 8
        break
      case 33: // asDouble
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        pos += 8
        break
      case 42: // exemplars
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          Exemplar(bytes, pos, next)
          pos = next
        }
        break
      case 49: // asInt
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        pos += 8
        break
      case 58: // attributes
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          KeyValue(bytes, pos, next)
          pos = next
        }
        break
      case 64: // flags
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      default:
        pos =
          unknown('NumberDataPoint', 508, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('NumberDataPoint', pos)
}

function HistogramDataPoint(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 17: // startTimeUnixNano
        pos += 8
        break
      case 25: // timeUnixNano
        pos += 8
        break
      case 33: // count
        pos += 8
        break
      case 41: // sum
        pos += 8
        break
      case 49: // bucketCounts
        pos += 8
        break
      case 50: // bucketCounts, packed
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          if ((size & 7) !== 0) fail('a packed list is cut short', pos)
          pos = next
        }
        break
      case 57: // explicitBounds
        pos += 8
        break
      case 58: // explicitBounds, packed
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          if ((size & 7) !== 0) fail('a packed list is cut short', pos)
          pos = next
        }
        break
      case 66: // exemplars
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          Exemplar(bytes, pos, next)
          pos = next
        }
        break
      case 74: // attributes
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          KeyValue(bytes, pos, next)
          pos = next
        }
        break
      case 80: // flags
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 89: // min
        pos += 8
        break
      case 97: // max
        pos += 8
        break
      default:
        pos =
          unknown('HistogramDataPoint', 8188, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('HistogramDataPoint', pos)
}

function ExponentialHistogramDataPoint(bytes: Uint8Array, pos: number, end: number): void {
  let seen = 0
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 10: // attributes
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          KeyValue(bytes, pos, next)
          pos = next
        }
        break
      case 17: // startTimeUnixNano
        pos += 8
        break
      case 25: // timeUnixNano
        pos += 8
        break
      case 33: // count
        pos += 8
        break
      case 41: // sum
        pos += 8
        break
      case 48: // scale
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 57: // zeroCount
        pos += 8
        break
      case 66: // positive
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          Buckets(bytes, pos, next)
          pos = next
        }
        break
      case 74: // negative
        if ((seen & 2) !== 0) state.regular = false
        seen |= 2
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          Buckets(bytes, pos, next)
          pos = next
        }
        break
      case 80: // flags
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 90: // exemplars
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          Exemplar(bytes, pos, next)
          pos = next
        }
        break
      case 97: // min
        pos += 8
        break
      case 105: // max
        pos += 8
        break
      case 113: // zeroThreshold
        pos += 8
        break
      default:
        pos =
          unknown('ExponentialHistogramDataPoint', 32766, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('ExponentialHistogramDataPoint', pos)
}

function SummaryDataPoint(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 17: // startTimeUnixNano
        pos += 8
        break
      case 25: // timeUnixNano
        pos += 8
        break
      case 33: // count
        pos += 8
        break
      case 41: // sum
        pos += 8
        break
      case 50: // quantileValues
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          ValueAtQuantile(bytes, pos, next)
          pos = next
        }
        break
      case 58: // attributes
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          KeyValue(bytes, pos, next)
          pos = next
        }
        break
      case 64: // flags
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      default:
        pos =
          unknown('SummaryDataPoint', 508, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('SummaryDataPoint', pos)
}

function Exemplar(bytes: Uint8Array, pos: number, end: number): void {
  let seen = 0
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 17: // timeUnixNano
        pos += 8
        break
      case 25: // asDouble
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        pos += 8
        break
      case 34: // spanId
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          id(pos, next, 8)
          pos = next
        }
        break
      case 42: // traceId
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          id(pos, next, 16)
          pos = next
        }
        break
      case 49: // asInt
        if ((seen & 1) !== 0) state.regular = false
        seen |= 1
        pos += 8
        break
      case 58: // filteredAttributes
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          KeyValue(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('Exemplar', 252, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('Exemplar', pos)
}

function Buckets(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 8: // offset
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 16: // bucketCounts
        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
        break
      case 18: // bucketCounts, packed
        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
          varints(bytes, pos, next)
          pos = next
        }
        break
      default:
        pos =
          unknown('Buckets', 6, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('Buckets', pos)
}

function ValueAtQuantile(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
      case 9: // quantile
        pos += 8
        break
      case 17: // value
        pos += 8
        break
      default:
        pos =
          unknown('ValueAtQuantile', 6, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('ValueAtQuantile', pos)
}
