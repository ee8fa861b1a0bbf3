import type { Batch, Trace, TraceAttributes, TraceStep } from '#pdata'
import type { OwnData } from './own-data.js'

/** A trace that is under way as a whole. */
export interface TraceRoot extends Trace, TraceStep {}

/** What becomes of traces. */
export interface TraceSink {
  /** Of batches, 0 to 1. */
  readonly fraction: number
  start(name: string, attributes: TraceAttributes): TraceRoot
}

/**
 * The agent's traces of itself. Without sinks nothing is traced; a batch that is not sampled costs
 * a random number and no object.
 */
export class Tracing {
  readonly own: OwnData
  readonly #random: () => number
  readonly #sinks = new Set<TraceSink>()

  constructor(own: OwnData, random: () => number) {
    this.own = own
    this.#random = random
  }

  /** Traces go there until the function it returns is called. */
  add(sink: TraceSink): () => void {
    this.#sinks.add(sink)
    return () => void this.#sinks.delete(sink)
  }

  /** A trace of something rare; undefined when nobody wants it. */
  start(name: string, attributes: TraceAttributes): TraceRoot | undefined {
    if (this.#sinks.size === 0) return undefined
    return joined([...this.#sinks].map((sink) => sink.start(name, attributes)))
  }

  /** A trace of a batch that comes in, if it is sampled and none of the agent's own data. */
  ofBatch(batch: Batch, component: string): TraceRoot | undefined {
    this.own.look(batch, component)
    if (this.#sinks.size === 0) return undefined
    const dice = this.#random()
    let roots: TraceRoot[] | undefined
    for (const sink of this.#sinks) {
      if (dice >= sink.fraction) continue
      if (!roots && this.own.isIn(batch)) return undefined
      roots ??= []
      const { signal, items, bytes } = batch
      roots.push(sink.start('receive', { component_id: component, signal, items, bytes }))
    }
    return roots && joined(roots)
  }
}

function joined(roots: readonly TraceRoot[]): TraceRoot {
  const [first] = roots
  if (first && roots.length === 1) return first
  return {
    begin(name, attributes) {
      const steps = roots.map((root) => root.begin(name, attributes))
      return { end: (failure) => endAll(steps, failure) }
    },
    end: (failure) => endAll(roots, failure),
  }
}

function endAll(steps: readonly TraceStep[], failure: unknown): void {
  for (const step of steps) step.end(failure)
}
