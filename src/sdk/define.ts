import type { Signal } from '#pdata'
import { SIGNALS } from '#pdata'
import type { Component, Consumer, Context, HandlerPower, Intake, Next } from './component.js'
import { type ArgumentsOf, attributes, block, consumers, type Schema } from './schema.js'

export const STABILITIES = ['generally-available', 'public-preview', 'experimental'] as const
export type Stability = (typeof STABILITIES)[number]

/** What an export is, for the checker: static where it is known before anything runs. */
export type ExportShape =
  | { readonly kind: 'consumer' }
  | { readonly kind: 'handler'; readonly powers: readonly HandlerPower[] }
  | { readonly kind: 'string' | 'string-or-secret' }
  /** A list of maps of strings: the labels of what was discovered. */
  | { readonly kind: 'targets' }
  /** An `ExportedRules`. */
  | { readonly kind: 'relabel-rules' }

/** A component, described once: all that checks, runs, lists or explains components reads this. */
export interface Definition {
  /** Its path under components/, with dots. */
  readonly name: string
  readonly kind: 'receiver' | 'processor' | 'exporter' | 'extension' | 'config'
  readonly stability: Stability
  /** One sentence. */
  readonly about: string
  readonly schema: Schema
  readonly exports: Readonly<Record<string, ExportShape>>
  /** The signals `input` takes under these arguments. */
  accepts(values: never): readonly Signal[]
  /** The consumers its output names, per signal. */
  outputs(values: never): Outputs
  create(context: Context, values: never, next: Next & Intake): Component
}

export type Outputs = Readonly<Record<Signal, readonly Consumer[]>>

const NO_OUTPUTS: Outputs = { traces: [], metrics: [], logs: [] }

/** The `output` block that receivers and processors of otelcol have. */
export const output = block(
  attributes({
    traces: consumers('traces', 'Where spans go.'),
    metrics: consumers('metrics', 'Where data points go.'),
    logs: consumers('logs', 'Where log records go.'),
  }),
  { required: true, about: 'Where the data goes; every consumer of a signal gets all of it.' },
)

type WithOutput = Schema<{ readonly output: typeof output }>

interface Description<S extends Schema> {
  readonly name: string
  readonly stability: Stability
  readonly about: string
  readonly schema: S
}

export function defineReceiver<S extends Schema & WithOutput>(
  description: Description<S> & {
    create(context: Context, values: ArgumentsOf<S>, intake: Intake): Component
  },
): Definition {
  return {
    ...description,
    kind: 'receiver',
    exports: {},
    accepts: () => [],
    outputs: (values: ArgumentsOf<WithOutput>) => values.output,
  }
}

export function defineProcessor<S extends Schema & WithOutput>(
  description: Description<S> & {
    create(context: Context, values: ArgumentsOf<S>, next: Next): Component & Consumer
  },
): Definition {
  return {
    ...description,
    kind: 'processor',
    exports: { input: { kind: 'consumer' } },
    accepts: ({ output }: ArgumentsOf<WithOutput>) =>
      SIGNALS.filter((signal) => output[signal].length > 0),
    outputs: (values: ArgumentsOf<WithOutput>) => values.output,
  }
}

export function defineExporter<S extends Schema>(
  description: Description<S> & {
    readonly accepts: readonly Signal[]
    create(context: Context, values: ArgumentsOf<S>): Component & Consumer
  },
): Definition {
  return {
    ...description,
    kind: 'exporter',
    exports: { input: { kind: 'consumer' } },
    accepts: () => description.accepts,
    outputs: () => NO_OUTPUTS,
  }
}

/** What offers something other than a consumer: auth, storage, a file's content. */
export function defineExtension<S extends Schema>(
  description: Description<S> & {
    readonly exports: Readonly<Record<string, ExportShape>>
    create(context: Context, values: ArgumentsOf<S>): Component
  },
): Definition {
  return { ...description, kind: 'extension', accepts: () => [], outputs: () => NO_OUTPUTS }
}

/** A root block without a label, such as `logging`; at most one of each. */
export function defineConfigBlock<S extends Schema>(
  description: Description<S> & {
    create(context: Context, values: ArgumentsOf<S>): Component
  },
): Definition {
  return {
    ...description,
    kind: 'config',
    exports: {},
    accepts: () => [],
    outputs: () => NO_OUTPUTS,
  }
}
