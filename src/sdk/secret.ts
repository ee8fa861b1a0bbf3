import { timingSafeEqual } from 'node:crypto'
import { inspect } from 'node:util'
import { Capsule } from './value.js'

const HIDDEN = '(secret)'

/** A string that no log, page, message or JSON shows. `reveal` is the one way to the text. */
export class Secret extends Capsule {
  override readonly capsule = 'secret'
  readonly #text: string

  constructor(text: string) {
    super()
    this.#text = text
  }

  reveal(): string {
    return this.#text
  }

  /** Compares in constant time for equal lengths. */
  equals(other: Secret): boolean {
    const [a, b] = [Buffer.from(this.#text), Buffer.from(other.#text)]
    return a.length === b.length && timingSafeEqual(a, b)
  }

  override same(other: unknown): boolean {
    return other instanceof Secret && this.equals(other)
  }

  override toString(): string {
    return HIDDEN
  }

  toJSON(): string {
    return HIDDEN
  }

  [inspect.custom](): string {
    return HIDDEN
  }
}

/**
 * A string that whoever wrote the config may have marked as secret, such as the content of a file.
 */
export class OptionalSecret extends Capsule {
  override readonly capsule = 'optionalSecret'
  readonly isSecret: boolean
  readonly #text: string

  constructor(text: string, isSecret: boolean) {
    super()
    this.#text = text
    this.isSecret = isSecret
  }

  /** The text, secret or not: ask `isSecret` before it goes where people see it. */
  get text(): string {
    return this.#text
  }

  override toString(): string {
    return this.isSecret ? HIDDEN : this.#text
  }

  toJSON(): string {
    return this.toString()
  }

  [inspect.custom](): string {
    return this.toString()
  }
}
