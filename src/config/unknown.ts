import { Capsule, OptionalSecret, Secret, type TypeShape, type Value } from '#sdk'
import { isArray, isObject, type Kind } from './kind.js'

/**
 * Stands for a value that only a running component or the process's environment can give. Whatever
 * is computed from it is unknown too; what is wrong for every value it might have is still an
 * error.
 */
export class Unknown extends Capsule {
  override readonly capsule = 'unknown'
  /** Its type, where that is certain. A "string" may turn out to be an optional secret. */
  readonly kind: Kind | undefined
  /** It is a secret for certain; its kind is then "capsule". */
  readonly isSecret: boolean

  constructor(kind?: Kind, isSecret = false) {
    super()
    this.kind = kind
    this.isSecret = isSecret
  }

  /** Whether some value of its type decodes to `shape`. */
  fits(shape: TypeShape): boolean {
    if (this.isSecret) return TAKING_SECRETS.has(shape.kind)
    return (
      this.kind === undefined || shape.kind === 'any' || FITTING[shape.kind].includes(this.kind)
    )
  }
}

const TAKING_SECRETS: ReadonlySet<TypeShape['kind']> = new Set([
  'secret',
  'string-or-secret',
  'any',
])

/** The types that an attribute's value may have, beside null. */
const FITTING: Readonly<Record<Exclude<TypeShape['kind'], 'any'>, readonly Kind[]>> = {
  string: ['string', 'number', 'capsule'],
  boolean: ['bool'],
  integer: ['number', 'string', 'capsule'],
  number: ['number', 'string', 'capsule'],
  duration: ['string', 'capsule'],
  size: ['string', 'number', 'capsule'],
  secret: ['string', 'capsule'],
  'string-or-secret': ['string', 'capsule'],
  list: ['array'],
  map: ['object'],
  consumer: ['capsule'],
  handler: ['capsule'],
  'relabel-rules': ['capsule'],
}

/** Whether it is unknown, or something in it is. */
export function holdsUnknown(value: Value): boolean {
  if (isArray(value)) return value.some(holdsUnknown)
  if (isObject(value)) return [...value.values()].some(holdsUnknown)
  return value instanceof Unknown
}

/** Whether it is a secret for certain. */
export function isSecret(value: Value): boolean {
  if (value instanceof OptionalSecret || value instanceof Unknown) return value.isSecret
  return value instanceof Secret
}
