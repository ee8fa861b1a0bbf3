/**
 * How a component describes its arguments: once, as data. From it come the TypeScript type, the
 * checks and their messages, the defaults, `weir explain`, the README tables and the JSON schema.
 *
 *   const schema = attributes({
 *     timeout: duration({ default: '200ms', min: '1ms', about: 'Longest wait for a full batch.' }),
 *   })
 *   type Arguments = ArgumentsOf<typeof schema>   // { timeout: number }, milliseconds
 */
import type { OtlpSignal, Signal } from '#pdata'
import type { Consumer, Handle, HandlerPower } from './component.js'
import type { ExportedRules } from './exported.js'
import { parseDuration, parseSize } from './quantity.js'
import type { Secret } from './secret.js'
import type { Value } from './value.js'

/**
 * What an attribute holds, as the decoder and the docs see it. Limits are inclusive; durations are
 * in ms.
 */
export type TypeShape =
  | {
      readonly kind: 'string'
      readonly oneOf?: readonly string[]
      /**
       * Says what was expected, when the text is not it. For embedded languages: regexes, URLs, ...
       */
      readonly check?: (text: string) => string | undefined
      readonly claims?: Claim
    }
  | { readonly kind: 'boolean' | 'secret' | 'string-or-secret' | 'relabel-rules' | 'any' }
  | {
      readonly kind: 'integer' | 'number' | 'duration' | 'size'
      readonly min: number
      readonly max: number
    }
  | { readonly kind: 'list' | 'map'; readonly item: TypeShape }
  | { readonly kind: 'consumer'; readonly signal: Signal }
  | { readonly kind: 'handler'; readonly power: HandlerPower }

/** What one component alone can have: an address to listen on, a path to write to. */
export type Claim = 'address' | 'path'

/** A type shape that remembers the TypeScript type its values decode to. */
export interface Type<T> {
  readonly shape: TypeShape
  readonly value?: T
}

export interface AttributeField<T = unknown> {
  readonly form: 'attribute'
  readonly type: TypeShape
  readonly required: boolean
  /** Decoded; undefined where leaving the attribute out has a meaning of its own. */
  readonly default: T | undefined
  /** As one would write it in a config. */
  readonly defaultText: string | undefined
  readonly about: string
  /** What to use instead. */
  readonly deprecated: string | undefined
  readonly value?: T
}

export interface BlockField<T = unknown> {
  readonly form: 'block'
  readonly schema: Schema
  readonly required: boolean
  readonly repeated: boolean
  /** What the arguments hold when the block is not written: its own defaults, or undefined. */
  readonly absent: 'defaults' | 'undefined'
  readonly about: string
  readonly value?: T
}

/**
 * Blocks of several kinds in one list, in the order of the text:
 * `stage.json { }`, `stage.regex { }`.
 */
export interface VariantsField<T = unknown> {
  readonly form: 'variants'
  /** By what follows the dot of the block's name. */
  readonly variants: Readonly<Record<string, Schema>>
  readonly about: string
  readonly value?: T
}

/** The label of the block the schema is of; without this field a block takes none. */
export interface LabelField<T = unknown> {
  readonly form: 'label'
  readonly about: string
  readonly value?: T
}

export type Field = AttributeField | BlockField | VariantsField | LabelField
export type Fields = Readonly<Record<string, Field>>

/**
 * A fault between fields. `path` names the field it is shown at, block by block; empty for the
 * body.
 */
export interface Problem {
  readonly path: readonly (string | number)[]
  /** What is wrong, one line, no full stop. Printed as it is: must hold no secret. */
  readonly message: string
  readonly help?: string
}

export interface Schema<F extends Fields = Fields> {
  readonly fields: F
  readonly check: ((values: never) => readonly Problem[]) | undefined
  /** Set where attributes may have any name; they decode to a Map. */
  readonly entries?: TypeShape
  /** Set where several attributes together are an address that a body of it listens on. */
  readonly listens?: Listens
}

interface Listens {
  /** Messages point at the last. */
  readonly attributes: readonly string[]
  /** "host:port". */
  readonly on: (values: never) => string
}

type ValueOf<F> = F extends { readonly value?: infer T } ? T : never
export type ArgumentsOf<S extends Schema> = {
  readonly [K in keyof S['fields']]: ValueOf<S['fields'][K]>
}

interface Presence<D> {
  readonly about: string
  readonly default?: D
  readonly required?: true
  readonly deprecated?: string
}

/** With a default or `required` the value is always there; else it may be undefined. */
type Present<O, T> = O extends { readonly default: unknown } | { readonly required: true }
  ? T
  : T | undefined

export function attributes<const F extends Fields>(
  fields: F,
  check?: (values: ArgumentsOf<Schema<F>>) => readonly Problem[],
): Schema<F> {
  return { fields, check }
}

/** A schema whose bodies listen: where, and which attributes say so. */
export function listening<const F extends Fields>(
  schema: Schema<F>,
  names: readonly (keyof F & string)[],
  on: (values: ArgumentsOf<Schema<F>>) => string,
): Schema<F> {
  return { ...schema, listens: { attributes: names, on } }
}

interface StringOptions extends Presence<string> {
  readonly check?: (text: string) => string | undefined
  readonly claims?: Claim
}

export function string<const O extends StringOptions>(
  options: O,
): AttributeField<Present<O, string>> {
  const { shape } = type.string(options.check)
  const claiming = options.claims ? { ...shape, claims: options.claims } : shape
  return attribute({ shape: claiming as TypeShape }, options, (text) => text, JSON.stringify)
}

export function choice<const C extends readonly string[], const O extends Presence<C[number]>>(
  oneOf: C,
  options: O,
): AttributeField<Present<O, C[number]>> {
  return attribute(type.choice(oneOf), options, (text) => text, JSON.stringify)
}

export function boolean<const O extends Presence<boolean>>(
  options: O,
): AttributeField<Present<O, boolean>> {
  return attribute(type.boolean, options, (value) => value, String)
}

interface NumberOptions extends Presence<number> {
  readonly min?: number
  readonly max?: number
}

export function integer<const O extends NumberOptions>(
  options: O,
): AttributeField<Present<O, number>> {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = options
  return attribute(type.integer(min, max), options, (value) => value, String)
}

export function number<const O extends NumberOptions>(
  options: O,
): AttributeField<Present<O, number>> {
  return attribute(type.number(options.min, options.max), options, (value) => value, String)
}

interface QuantityOptions extends Presence<string> {
  readonly min?: string
  readonly max?: string
}

/** A Go duration; decodes to milliseconds. */
export function duration<const O extends QuantityOptions>(
  options: O,
): AttributeField<Present<O, number>> {
  return quantity('duration', parseDuration, options)
}

/** A size such as "4MiB"; decodes to bytes. */
export function size<const O extends QuantityOptions>(
  options: O,
): AttributeField<Present<O, number>> {
  return quantity('size', parseSize, options)
}

function quantity<O extends QuantityOptions>(
  kind: 'duration' | 'size',
  parse: (text: string) => number | undefined,
  options: O,
): AttributeField<Present<O, number>> {
  const read = (text: string): number => {
    const value = parse(text)
    if (value === undefined) throw new Error(`schema: ${text} is no ${kind}`)
    return value
  }
  const min = options.min === undefined ? 0 : read(options.min)
  const max = options.max === undefined ? Number.MAX_SAFE_INTEGER : read(options.max)
  return attribute({ shape: { kind, min, max } }, options, read, JSON.stringify)
}

export function secret<const O extends Presence<never>>(
  options: O,
): AttributeField<Present<O, Secret>> {
  return attribute(type.secret, options, (value) => value, String)
}

/** A string or a secret; decodes to a Secret so that neither is ever shown. */
export function stringOrSecret<const O extends Presence<never>>(
  options: O,
): AttributeField<Present<O, Secret>> {
  return attribute(type.stringOrSecret, options, (value) => value, String)
}

export function list<T, const O extends Presence<readonly T[]>>(
  item: Type<T>,
  options: O,
): AttributeField<Present<O, readonly T[]>> {
  return attribute(type.list(item), options, (value) => value, JSON.stringify)
}

/** An object with values of one type; decodes to a Map, so that no key is special. */
export function map<T, const O extends Presence<Readonly<Record<string, never>>>>(
  item: Type<T>,
  options: O,
): AttributeField<Present<O, ReadonlyMap<string, T>>> {
  return attribute(type.map(item), options, () => new Map(), JSON.stringify)
}

/** Whatever the expression gives, undecoded. */
export function any<const O extends Presence<never>>(
  options: O,
): AttributeField<Present<O, Value>> {
  return attribute(type.any, options, (value) => value, String)
}

/** A handle on an auth or storage component that has the named power. */
export function handler<P extends HandlerPower>(
  power: P,
  options: Presence<never>,
): AttributeField<Handle<P> | undefined> {
  const shape: Type<Handle<P>> = { shape: { kind: 'handler', power } }
  return attribute(shape, options, (value) => value, String)
}

/** The rules that a relabelling component exports; `R` is the class they are of. */
export function relabelRules<R extends ExportedRules>(
  options: Presence<never>,
): AttributeField<R | undefined> {
  const shape: Type<R> = { shape: { kind: 'relabel-rules' } }
  return attribute(shape, options, (value) => value, String)
}

/** What is discovered: maps of labels, in a list. */
export function targets<const O extends Presence<readonly Target[]>>(
  options: O,
): AttributeField<Present<O, readonly Target[]>> {
  return list(type.map(type.string()), options)
}

/** The labels of one target. */
export type Target = ReadonlyMap<string, string>

/** Where the data of one signal goes; every consumer gets all of it. */
export function consumers<S extends Signal>(
  signal: S,
  about: string,
): AttributeField<readonly Consumer<S>[]> {
  return list<Consumer<S>, { about: string; default: readonly Consumer<S>[] }>(
    { shape: { kind: 'consumer', signal } },
    { about, default: [] },
  )
}

/** The `forward_to` of components that send on samples or entries. */
export interface ForwardTo<S extends Signal> extends AttributeField<readonly Consumer<S>[]> {
  readonly forwards: S
}

/** Where samples or entries go; every receiver gets all of it, and of an empty list none does. */
export function forwardTo<S extends Exclude<Signal, OtlpSignal>>(signal: S): ForwardTo<S> {
  const about = `Where the ${signal} go; every receiver gets all of them.`
  const item: Type<Consumer<S>> = { shape: { kind: 'consumer', signal } }
  return { ...list(item, { about, required: true }), forwards: signal }
}

/** The types of list items and map values, and of attributes without options. */
export const type = {
  string: (check?: (text: string) => string | undefined): Type<string> => ({
    shape: check ? { kind: 'string', check } : { kind: 'string' },
  }),
  choice: <const C extends readonly string[]>(oneOf: C): Type<C[number]> => ({
    shape: { kind: 'string', oneOf },
  }),
  integer: (min: number, max: number): Type<number> => ({ shape: { kind: 'integer', min, max } }),
  number: (min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY): Type<number> => ({
    shape: { kind: 'number', min, max },
  }),
  boolean: { shape: { kind: 'boolean' } } as Type<boolean>,
  secret: { shape: { kind: 'secret' } } as Type<Secret>,
  stringOrSecret: { shape: { kind: 'string-or-secret' } } as Type<Secret>,
  any: { shape: { kind: 'any' } } as Type<Value>,
  list: <T>(item: Type<T>): Type<readonly T[]> => ({ shape: { kind: 'list', item: item.shape } }),
  map: <T>(item: Type<T>): Type<ReadonlyMap<string, T>> => ({
    shape: { kind: 'map', item: item.shape },
  }),
} as const

interface BlockOptions {
  readonly about: string
  readonly required?: true
  /** 'defaults': the arguments hold the block's defaults when it is not written. */
  readonly absent?: 'defaults'
}

type PresentBlock<O, T> = O extends { readonly required: true } | { readonly absent: 'defaults' }
  ? T
  : T | undefined

export function block<S extends Schema, const O extends BlockOptions>(
  schema: S,
  options: O,
): BlockField<PresentBlock<O, ArgumentsOf<S>>> {
  return {
    form: 'block',
    schema,
    required: options.required ?? false,
    repeated: false,
    absent: options.absent ?? 'undefined',
    about: options.about,
  }
}

/** A block that may be written many times; decodes to a list in the order of the text. */
export function blocks<S extends Schema>(
  schema: S,
  options: { readonly about: string; readonly required?: true },
): BlockField<readonly ArgumentsOf<S>[]> {
  return {
    form: 'block',
    schema,
    required: options.required ?? false,
    repeated: true,
    absent: 'undefined',
    about: options.about,
  }
}

/** One list of blocks of several kinds; each decodes to its kind and its arguments. */
export function variants<const V extends Readonly<Record<string, Schema>>>(
  kinds: V,
  options: { readonly about: string },
): VariantsField<readonly VariantOf<V>[]> {
  return { form: 'variants', variants: kinds, about: options.about }
}

type VariantOf<V extends Readonly<Record<string, Schema>>> = {
  [K in keyof V]: { readonly kind: K; readonly values: ArgumentsOf<V[K]> }
}[keyof V]

/** The block must have a label, and this is it. */
export function label(options: { readonly about: string }): LabelField<string> {
  return { form: 'label', about: options.about }
}

/** A body whose attributes have names of the user's choice; decodes to a Map. */
export function entries<T>(item: Type<T>): Schema & { readonly value?: ReadonlyMap<string, T> } {
  return { fields: {}, check: undefined, entries: item.shape }
}

/** `read` turns the written default into its decoded form, `print` into what one would type. */
function attribute<T, D, O extends Presence<D>>(
  { shape }: Type<T>,
  options: O,
  read: (written: D) => unknown,
  print: (written: D) => string,
): AttributeField<Present<O, T>> {
  const written = options.default
  return {
    form: 'attribute',
    type: shape,
    required: options.required ?? false,
    default: written === undefined ? undefined : (read(written) as Present<O, T>),
    defaultText: written === undefined ? undefined : print(written),
    about: options.about,
    deprecated: options.deprecated,
  }
}

/** The arguments of a body in which nothing is written; only where nothing is required. */
export function defaultsOf<S extends Schema>(schema: S): ArgumentsOf<S> {
  const values: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(schema.fields)) {
    values[name] = field.form === 'attribute' ? field.default : absentBlock(field)
  }
  return values as ArgumentsOf<S>
}

/** What the arguments hold for blocks that are not written. */
export function absentBlock(field: Exclude<Field, AttributeField>): unknown {
  if (field.form === 'variants' || (field.form === 'block' && field.repeated)) return []
  if (field.form === 'label' || field.absent !== 'defaults') return undefined
  return defaultsOf(field.schema)
}
