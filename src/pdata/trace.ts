/** Where a batch goes, for those batches that are traced. */
export type TraceAttributes = Readonly<Record<string, string | number | boolean>>

/** Something that takes time, under way. */
export interface TraceStep {
  /** Once. With a failure, that is what it ended with. */
  end(failure?: unknown): void
}

/** One way through the agent: a batch from its receiver to its destination, or a load. */
export interface Trace {
  /** A part of it begins; the trace itself may have ended. */
  begin(name: string, attributes: TraceAttributes): TraceStep
}
