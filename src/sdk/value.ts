/**
 * A value of the River language. Numbers keep Go's three kinds: a bigint is an int64, `Uint64` an
 * unsigned one, a number a float64. Objects are Maps, so that no key is special.
 */
export type Value =
  | null
  | boolean
  | string
  | number
  | bigint
  | Uint64
  | readonly Value[]
  | ReadonlyMap<string, Value>
  | FunctionValue
  | Capsule

/** A whole number above the int64 range, or one computed from such. */
export class Uint64 {
  readonly value: bigint

  constructor(value: bigint) {
    this.value = BigInt.asUintN(64, value)
  }
}

/**
 * Something only a component can make or use: a secret, a consumer, a handler. Shown by its name
 * alone.
 */
export abstract class Capsule {
  /** As type names in messages show it: `capsule("otelcol.Consumer")`. */
  abstract readonly capsule: string

  /** Whether `other` would do the same in its place. Unless a kind says otherwise, only itself. */
  same(other: unknown): boolean {
    return this === other
  }
}

export abstract class FunctionValue {
  abstract readonly name: string
}
