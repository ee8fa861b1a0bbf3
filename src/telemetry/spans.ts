import { api } from '@opentelemetry/sdk-node'
import type { TraceAttributes } from '#pdata'
import { messageOf } from '#sdk'
import type { TraceRoot, TraceSink } from './tracing.js'

/** Makes spans of traces. What is sampled has been decided before. */
export class SpanSink implements TraceSink {
  readonly #tracer: api.Tracer
  fraction: number

  constructor(tracer: api.Tracer, fraction: number) {
    this.#tracer = tracer
    this.fraction = fraction
  }

  start(name: string, attributes: TraceAttributes): TraceRoot {
    const root = this.#tracer.startSpan(name, { attributes, root: true }, api.ROOT_CONTEXT)
    const inside = api.trace.setSpan(api.ROOT_CONTEXT, root)
    return {
      begin: (step, more) => {
        const span = this.#tracer.startSpan(step, { attributes: more }, inside)
        return { end: (failure) => end(span, failure) }
      },
      end: (failure) => end(root, failure),
    }
  }
}

function end(span: api.Span, failure: unknown): void {
  if (failure !== undefined) {
    span.setStatus({ code: api.SpanStatusCode.ERROR, message: messageOf(failure) })
  }
  span.end()
}
