import { OTLP_SIGNALS, type OtlpSignal, perSignal, type Signal } from '#pdata'
import { CONSUMER_CAPSULES, type ConsumerCapsule, capsuleOf } from './capsules.js'
import type { Component, Consumer, Context, HandlerPower, Intake, Next } from './component.js'
import {
  type ArgumentsOf,
  attributes,
  block,
  consumers,
  type ForwardTo,
  type Schema,
} from './schema.js'

export const STABILITIES = ['generally-available', 'public-preview', 'experimental'] as const
export type Stability = (typeof STABILITIES)[number]

/** What an export is, for the checker: static where it is known before anything runs. */
export type ExportShape =
  | { readonly kind: 'consumer'; readonly capsule: ConsumerCapsule }
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
  /** All signals that it may have to do with: what it takes or sends on, whatever its arguments. */
  readonly signals: readonly Signal[]
  /** The signals its consumer takes under these arguments. */
  accepts(values: never): readonly Signal[]
  /** It takes what its own output sends on, so another output would change that. */
  readonly acceptsByOutput?: boolean
  /** The consumers its output names, per signal. */
  outputs(values: never): Outputs
  create(context: Context, values: never, next: Next & Intake): Component
}

export type Outputs = Readonly<Record<Signal, readonly Consumer[]>>

const NO_OUTPUTS: Outputs = perSignal(() => [])

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
type WithForwardTo = Schema<{ readonly forward_to: ForwardTo<Signal> }>
/** Of what sends data on: by an `output` block, or by `forward_to`. */
type Emitting = WithOutput | WithForwardTo
type EmittedBy<S extends Schema> = S extends {
  readonly fields: { readonly forward_to: ForwardTo<infer F> }
}
  ? F
  : OtlpSignal

interface Description<S extends Schema> {
  readonly name: string
  readonly stability: Stability
  readonly about: string
  readonly schema: S
}

export function defineReceiver<S extends Schema & Emitting>(
  description: Description<S> & {
    create(context: Context, values: ArgumentsOf<S>, intake: Intake<EmittedBy<S>>): Component
  },
): Definition {
  const { signals, outputs } = emission(description.schema)
  // The one it is given is for all signals, and it is told of those that lead anywhere.
  const create = description.create as unknown as Definition['create']
  const [exports, accepts] = [{}, () => []]
  return { ...description, create, kind: 'receiver', exports, signals, accepts, outputs }
}

/**
 * What takes data and sends it on. With `accepts` it takes that, whatever it sends on; without, it
 * takes what it sends on, and of the signals of an `output` block those that go somewhere.
 */
export function defineProcessor<S extends Schema & Emitting, const A extends Signal = EmittedBy<S>>(
  description: Description<S> & {
    readonly accepts?: readonly A[]
    /** What it exports besides its consumer. */
    readonly exports?: Readonly<Record<string, ExportShape>>
    create(
      context: Context,
      values: ArgumentsOf<S>,
      next: Next<EmittedBy<S>>,
    ): Component & Consumer<A>
  },
): Definition {
  const { signals, outputs } = emission(description.schema)
  const { accepts = signals } = description
  const acceptsByOutput = !description.accepts && 'output' in description.schema.fields
  return {
    ...description,
    kind: 'processor',
    exports: { ...consumerOf(accepts), ...description.exports },
    signals: [...new Set([...accepts, ...signals])],
    acceptsByOutput,
    accepts: (values: never) =>
      acceptsByOutput ? accepts.filter((signal) => outputs(values)[signal].length > 0) : accepts,
    outputs,
  }
}

export function defineExporter<S extends Schema, const A extends Signal>(
  description: Description<S> & {
    readonly accepts: readonly A[]
    create(context: Context, values: ArgumentsOf<S>): Component & Consumer<A>
  },
): Definition {
  const { accepts } = description
  return {
    ...description,
    kind: 'exporter',
    exports: consumerOf(accepts),
    signals: accepts,
    accepts: () => accepts,
    outputs: () => NO_OUTPUTS,
  }
}

/** The signals that a schema's outputs are for, and the consumers they name. */
function emission({ fields }: Schema): Pick<Definition, 'signals' | 'outputs'> {
  if (!('forward_to' in fields)) {
    const outputs = ({ output }: ArgumentsOf<WithOutput>) => ({ ...NO_OUTPUTS, ...output })
    return { signals: OTLP_SIGNALS, outputs }
  }
  const { forwards } = fields['forward_to'] as ForwardTo<Signal>
  const outputs = ({ forward_to }: ArgumentsOf<WithForwardTo>) => ({
    ...NO_OUTPUTS,
    [forwards]: forward_to,
  })
  return { signals: [forwards], outputs }
}

/** The export of what takes these signals, which are all of one kind of consumer. */
function consumerOf(signals: readonly Signal[]): Definition['exports'] {
  const capsule = capsuleOf(signals[0] ?? 'traces')
  if (signals.some((signal) => capsuleOf(signal) !== capsule)) {
    throw new Error('define: a component takes signals of one kind of consumer')
  }
  return { [CONSUMER_CAPSULES[capsule].exported]: { kind: 'consumer', capsule } }
}

const NO_DATA = { signals: [], accepts: () => [], outputs: () => NO_OUTPUTS }

/** What offers something other than a consumer: auth, storage, a file's content. */
export function defineExtension<S extends Schema>(
  description: Description<S> & {
    readonly exports: Readonly<Record<string, ExportShape>>
    create(context: Context, values: ArgumentsOf<S>): Component
  },
): Definition {
  return { ...description, kind: 'extension', ...NO_DATA }
}

/** A root block without a label, such as `logging`; at most one of each. */
export function defineConfigBlock<S extends Schema>(
  description: Description<S> & {
    create(context: Context, values: ArgumentsOf<S>): Component
  },
): Definition {
  return { ...description, kind: 'config', exports: {}, ...NO_DATA }
}
