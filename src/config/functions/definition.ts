/**
 * What a function of the standard library is: described as data, called with converted arguments.
 */
import { diagnose } from '#grammar'
import { FunctionValue, OptionalSecret, Secret, type Stability, type Value } from '#sdk'
import type { Environment } from '../environment.js'
import { Fault, type FaultPath, failure } from '../fault.js'
import { isArray, isObject, type Kind } from '../kind.js'
import { LIMITS } from '../limits.js'
import { describeKind } from '../show.js'
import { holdsUnknown, Unknown } from '../unknown.js'

export interface FunctionDefinition {
  /** As it is called: "string.join". */
  readonly name: string
  /** One sentence. */
  readonly about: string
  readonly parameters: readonly ParameterDefinition[]
  readonly result: Kind | 'any'
  readonly stability: Stability
  /** The name to use instead of this deprecated one. */
  readonly aliasOf: string | undefined
  /** False for what only Weir has. */
  readonly inAlloy: boolean
}

export interface ParameterDefinition {
  readonly name: string
  /** As docs show it: "string", "list of objects". */
  readonly type: string
  readonly about: string
  /** A 'rest' parameter takes all further arguments, or none. */
  readonly presence: 'required' | 'optional' | 'rest'
}

/** What a call can learn beside its arguments. */
export interface CallContext {
  readonly environment: Environment
  /** Checking before anything runs: what is not known yet gives `Unknown`. */
  readonly lenient: boolean
}

/** Says that a value is not what was expected; the path leads into the argument. */
export type Refuse = (path: FaultPath, expected: string, got: Value) => never

export interface Parameter<T, P extends ParameterDefinition['presence'] = 'required'>
  extends ParameterDefinition {
  readonly presence: P
  /** The types that may convert, as a value not known yet is judged; all when empty. */
  readonly accepts: readonly Kind[]
  readonly expected: string
  convert(value: Value, refuse: Refuse): T
}

type AnyParameter = Parameter<unknown, ParameterDefinition['presence']>

type ArgumentOf<P> =
  P extends Parameter<infer T, infer Presence>
    ? Presence extends 'rest'
      ? readonly T[]
      : Presence extends 'optional'
        ? T | undefined
        : T
    : never

type Arguments<P extends readonly AnyParameter[]> = { readonly [I in keyof P]: ArgumentOf<P[I]> }

interface Description<P extends readonly AnyParameter[]> {
  readonly name: string
  readonly about: string
  readonly parameters: P
  readonly result: Kind | 'any'
  readonly stability?: Stability
  readonly inAlloy?: boolean
  /**
   * Throws `Fault` with the path [argument, ...] for an argument of the right type that does not
   * do.
   */
  call(values: Arguments<P>, context: CallContext): Value
}

export function define<const P extends readonly AnyParameter[]>(
  description: Description<P>,
): LibraryFunction {
  const { name, about, parameters, result } = description
  const { stability = 'generally-available', inAlloy = true } = description
  const definition = { name, about, parameters, result, stability, aliasOf: undefined, inAlloy }
  return new LibraryFunction(definition, parameters, (values, context) =>
    description.call(values as Arguments<P>, context),
  )
}

type Implementation = (values: readonly unknown[], context: CallContext) => Value

export class LibraryFunction extends FunctionValue {
  readonly definition: FunctionDefinition
  readonly #parameters: readonly AnyParameter[]
  readonly #implementation: Implementation

  constructor(
    definition: FunctionDefinition,
    parameters: readonly AnyParameter[],
    implementation: Implementation,
  ) {
    super()
    this.definition = definition
    this.#parameters = parameters
    this.#implementation = implementation
  }

  override get name(): string {
    return this.definition.name
  }

  renamed(name: string): LibraryFunction {
    const definition = { ...this.definition, name, aliasOf: this.name }
    return new LibraryFunction(definition, this.#parameters, this.#implementation)
  }

  /** Throws `Fault`; the first step of its path is the argument. */
  call(values: readonly Value[], context: CallContext): Value {
    this.#checkCount(values.length)
    const converted: unknown[] = []
    for (const [index, parameter] of this.#parameters.entries()) {
      const given = parameter.presence === 'rest' ? values.slice(index) : [values[index]]
      const arguments_ = given.map((value, offset) =>
        value === undefined ? undefined : this.#convert(value, parameter, index + offset),
      )
      converted.push(parameter.presence === 'rest' ? arguments_ : arguments_[0])
    }
    if (values.some(holdsUnknown)) return this.#unknownResult()
    return withinLimits(this.#implementation(converted, context))
  }

  #unknownResult(): Unknown {
    const { result } = this.definition
    return new Unknown(result === 'any' ? undefined : result)
  }

  #checkCount(got: number): void {
    const required = this.#parameters.filter(({ presence }) => presence === 'required').length
    const unlimited = this.#parameters.some(({ presence }) => presence === 'rest')
    const most = unlimited ? Number.POSITIVE_INFINITY : this.#parameters.length
    if (got >= required && got <= most) return
    const expected = countText(required, most)
    const facts = { function: this.name, expected, got, usage: usageOf(this.definition) }
    throw new Fault([], (at) => diagnose('argument-count', at, facts))
  }

  #convert(value: Value, parameter: AnyParameter, index: number): unknown {
    const refuse: Refuse = (path, expected, got) => {
      const facts = {
        function: this.name,
        parameter: parameter.name + path.map(stepText).join(''),
        expected,
        got: describeKind(got),
        help:
          got instanceof Secret || (got instanceof OptionalSecret && got.isSecret)
            ? 'convert.nonsensitive(...) makes a plain string of a secret'
            : undefined,
      }
      throw new Fault([index, ...path], (at) => diagnose('argument-type', at, facts))
    }
    if (isDeeperThan(value, LIMITS.argumentDepth)) throw failure([index], LIMITS.argumentTooDeep)
    if (!holdsUnknown(value)) return parameter.convert(value, refuse)
    const sample = withSampleSecrets(value)
    if (!holdsUnknown(sample)) parameter.convert(sample, refuse)
    const { accepts, expected } = parameter
    const kind = value instanceof Unknown ? value.kind : isArray(value) ? 'array' : 'object'
    const fits = kind === undefined || accepts.length === 0 || accepts.includes(kind)
    return fits ? undefined : refuse([], expected, value)
  }
}

/** For what a parameter says of a secret, whatever is in it. */
function withSampleSecrets(value: Value): Value {
  if (isArray(value)) return value.map(withSampleSecrets)
  if (isObject(value)) {
    return new Map([...value].map(([name, inner]) => [name, withSampleSecrets(inner)]))
  }
  return value instanceof Unknown && value.isSecret ? new Secret('') : value
}

/** Functions call themselves for what is inside of a value. */
function isDeeperThan(value: Value, levels: number): boolean {
  const items = isArray(value) ? value : isObject(value) ? [...value.values()] : []
  return items.some((item) => levels === 0 || isDeeperThan(item, levels - 1))
}

function stepText(step: number | string): string {
  return typeof step === 'number' ? `[${step}]` : `.${step}`
}

function countText(least: number, most: number): string {
  const noun = (count: number) => `${count} argument${count === 1 ? '' : 's'}`
  if (least === most) return noun(least)
  return most === Number.POSITIVE_INFINITY ? `at least ${noun(least)}` : `${least} or ${noun(most)}`
}

/** How a function is called: "array.combine_maps(left, right, keys[, passthrough])". */
export function usageOf({ name, parameters }: FunctionDefinition): string {
  const texts = parameters.map((parameter, index) => {
    const comma = index === 0 ? '' : ', '
    if (parameter.presence === 'optional') return `[${comma}${parameter.name}]`
    return `${comma}${parameter.presence === 'rest' ? '...' : ''}${parameter.name}`
  })
  return `${name}(${texts.join('')})`
}

function withinLimits(value: Value): Value {
  if (typeof value === 'string' && value.length > LIMITS.textLength) {
    throw failure([], LIMITS.textTooLong)
  }
  if (isArray(value) && value.length > LIMITS.items) throw failure([], LIMITS.tooManyItems)
  return value
}
