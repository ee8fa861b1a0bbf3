import {
  Capsule,
  capsuleOf,
  describeType,
  ExportedConsumer,
  ExportedHandler,
  ExportedRules,
  FunctionValue,
  OptionalSecret,
  parseDuration,
  parseSize,
  Secret,
  type TypeShape,
  type Value,
} from '#sdk'
import { isNumber } from './kind.js'
import { numberOfText, textOfNumber, toFloat } from './numbers.js'
import { holdsUnknown, Unknown } from './unknown.js'

/** Where in a value a fault is: `[2]` and `.name` steps behind the attribute. */
export interface Misfit {
  readonly path: string
  readonly shape: TypeShape
  readonly value: Value
  /**
   * Set when the value has the right type and still does not do; replaces the type's description.
   */
  readonly expected: string
}

export interface DecodedValue {
  readonly value: unknown
  readonly misfits: readonly Misfit[]
  /** False when part of it is known only once components run. */
  readonly known: boolean
}

/** Turns an evaluated value into what a component gets. Collects everything that does not fit. */
export function decodeValue(value: Value, shape: TypeShape): DecodedValue {
  const decoding = new Decoding()
  const decoded = decoding.decode(value, shape, '')
  return { value: decoded, misfits: decoding.misfits, known: decoding.known }
}

type RangeShape = Extract<TypeShape, { readonly min: number }>
type ItemShape = Extract<TypeShape, { readonly item: TypeShape }>

class Decoding {
  readonly misfits: Misfit[] = []
  known = true

  decode(value: Value, shape: TypeShape, path: string): unknown {
    if (value instanceof Unknown) {
      this.known = false
      if (!value.fits(shape)) this.#misfit(value, shape, path)
      return undefined
    }
    switch (shape.kind) {
      case 'string':
        return this.#text(value, shape, path)
      case 'boolean':
        return typeof value === 'boolean' ? value : this.#misfit(value, shape, path)
      case 'integer':
      case 'number':
        return this.#number(value, shape.kind === 'integer', shape, path)
      case 'duration':
        return this.#quantity(plainText(value), parseDuration, value, shape, path)
      case 'size':
        return this.#quantity(textOf(value), parseSize, value, shape, path)
      case 'secret':
      case 'string-or-secret':
        return toSecret(value) ?? this.#misfit(value, shape, path)
      case 'list':
        return this.#list(value, shape, path)
      case 'map':
        return this.#map(value, shape, path)
      case 'consumer':
        if (value instanceof ExportedConsumer && value.capsule === capsuleOf(shape.signal)) {
          return value
        }
        return this.#misfit(value, shape, path)
      case 'handler':
        if (value instanceof ExportedHandler && value.powers.includes(shape.power)) return value
        return this.#misfit(value, shape, path)
      case 'relabel-rules':
        return value instanceof ExportedRules ? value : this.#misfit(value, shape, path)
      case 'any':
        this.known &&= !holdsUnknown(value)
        return value
    }
  }

  #text(
    value: Value,
    shape: Extract<TypeShape, { readonly kind: 'string' }>,
    path: string,
  ): unknown {
    const text = textOf(value)
    if (text === undefined) return this.#misfit(value, shape, path)
    if (shape.oneOf && !shape.oneOf.includes(text)) return this.#misfit(value, shape, path)
    const expected = shape.check?.(text)
    return expected === undefined ? text : this.#misfit(value, shape, path, expected)
  }

  #number(value: Value, whole: boolean, shape: RangeShape, path: string): unknown {
    const number = toNumber(value)
    const fits = number !== undefined && number >= shape.min && number <= shape.max
    if (!fits || (whole && !Number.isSafeInteger(number))) {
      return this.#misfit(value, shape, path)
    }
    return number
  }

  #quantity(
    text: string | undefined,
    parse: (text: string) => number | undefined,
    value: Value,
    shape: RangeShape,
    path: string,
  ): unknown {
    const quantity = text === undefined ? undefined : parse(text)
    if (quantity === undefined || quantity < shape.min || quantity > shape.max) {
      return this.#misfit(value, shape, path)
    }
    return quantity
  }

  #list(value: Value, shape: ItemShape, path: string): unknown {
    if (!Array.isArray(value)) return this.#misfit(value, shape, path)
    return value.map((item: Value, index) => this.decode(item, shape.item, `${path}[${index}]`))
  }

  #map(value: Value, shape: ItemShape, path: string): unknown {
    if (!(value instanceof Map)) return this.#misfit(value, shape, path)
    const entries = value as ReadonlyMap<string, Value>
    const decoded = new Map<string, unknown>()
    for (const [key, item] of entries) {
      decoded.set(key, this.decode(item, shape.item, `${path}.${key}`))
    }
    return decoded
  }

  #misfit(value: Value, shape: TypeShape, path: string, expected = describeType(shape)): undefined {
    this.misfits.push({ path, shape, value, expected })
    return undefined
  }
}

/** Strings, and secrets that are known to be none. */
function plainText(value: Value): string | undefined {
  if (typeof value === 'string') return value
  return value instanceof OptionalSecret && !value.isSecret ? value.text : undefined
}

function toSecret(value: Value): Secret | undefined {
  if (value instanceof Secret) return value
  if (value instanceof OptionalSecret) return new Secret(value.text)
  return typeof value === 'string' ? new Secret(value) : undefined
}

/** A string, or a number as one. */
function textOf(value: Value): string | undefined {
  return isNumber(value) ? textOfNumber(value) : plainText(value)
}

function toNumber(value: Value): number | undefined {
  const text = plainText(value)
  const number = text === undefined ? value : numberOfText(text)
  return number !== undefined && isNumber(number) ? toFloat(number) : undefined
}

/** Whether a message may show the value: nothing secret is in it. */
export function isShowable(value: Value): boolean {
  if (value instanceof OptionalSecret) return !value.isSecret
  if (value instanceof Capsule || value instanceof FunctionValue) return false
  if (Array.isArray(value)) return value.every(isShowable)
  return !(value instanceof Map) || [...value.values()].every(isShowable)
}
